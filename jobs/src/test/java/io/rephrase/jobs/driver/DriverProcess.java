package io.rephrase.jobs.driver;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A driver in a JVM of its own, on this JVM's class path, made to be stopped. What it prints goes
 * to a file.
 */
public final class DriverProcess implements AutoCloseable {

  private final Process process;
  private final Path output;

  private DriverProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts a class that has a {@code main}.
   *
   * @param output file that gets its standard output and error
   * @param javaOptions beside those that every driver has
   * @param arguments of {@code main}
   */
  public static DriverProcess start(
      Class<?> main, Path output, List<String> javaOptions, List<String> arguments)
      throws IOException {
    List<String> options = new ArrayList<>(javaOptions);
    options.addAll(ClassArchive.options());
    return startOn(ClassArchive.classPath(), main, output, options, arguments);
  }

  /** The same on a class path of the caller's, with no class archive but one in the options. */
  static DriverProcess startOn(
      String classPath,
      Class<?> main,
      Path output,
      List<String> javaOptions,
      List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(heedingInterrupts());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-opens") || option.startsWith("-Djdk.reflect"))
        .forEach(command::add);
    // Short lives: what the second compiler does never pays.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m"));
    command.addAll(List.of("-XX:+UseSerialGC", "-Duser.timezone=UTC"));
    // As the launcher has it: what is printed is what a user sees.
    command.add("-Dlog4j2.configurationFile=" + Path.of("bin", "log4j2.properties"));
    command.add("-Drephrase.log.file=" + output + ".trace");
    command.addAll(javaOptions);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.environment().put("DJL_OFFLINE", "true");
    return new DriverProcess(builder.start(), output);
  }

  /** What a shell starts in the background ignores SIGINT, and so would all that it starts. */
  private static List<String> heedingInterrupts() {
    return System.getProperty("os.name").equals("Linux")
        ? List.of("env", "--default-signal=INT")
        : List.of();
  }

  public Process process() {
    return process;
  }

  /** All it has printed. */
  public String printed() throws IOException {
    return Files.readString(output);
  }

  /** Ends it with SIGKILL and waits for its end. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Sends SIGINT, as Ctrl-C does. */
  public void interrupt() throws IOException, InterruptedException {
    signal("INT");
  }

  /** Takes it off the processor, as a machine does that is put to sleep. */
  public void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets it go on after {@link #pause}. */
  public void wake() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
