package io.rephrase.jobs;

/** Which version of this software is running. */
final class CodeVersion {

  private CodeVersion() {}

  /** The jar's implementation version; {@code development} where classes run from a folder. */
  static String current() {
    String version = CodeVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
