package io.rephrase.jobs;

import io.rephrase.RephraseException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Tells what a user can put right from what only we can. */
public final class UserMistake {

  private UserMistake() {}

  /** The message of the first cause that a user can put right. */
  public static Optional<String> in(Throwable failure) {
    if (diskFull(failure)) {
      return Optional.of(
          "the disk is full; free some space and run the same command again to resume");
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RephraseException) {
        return Optional.of(String.valueOf(cause.getMessage()));
      }
      if (cause instanceof NoSuchFileException missing) {
        return Optional.of(missing.getFile() + ": there is no such file; check the path");
      }
      if (cause instanceof AccessDeniedException denied) {
        return Optional.of(denied.getFile() + ": access denied; change its permissions");
      }
      if (cause instanceof FileSystemException file) {
        return Optional.of(String.valueOf(file.getMessage()));
      }
    }
    return Optional.empty();
  }

  private static boolean diskFull(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains("No space left on device")) {
        return true;
      }
    }
    return false;
  }
}
