package io.rephrase.jobs.driver;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.Method;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StringReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import io.rephrase.cli.Main;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Halts a driver at an exact place, as a debugger does, so that it can be ended or held there. The
 * driver runs the code that ships: no hook, no agent, nothing of ours on its class path knows.
 */
public final class Debugger implements AutoCloseable {

  private static final long DEADLINE_MILLIS = 1_200_000;

  private final DriverProcess driver;
  private final VirtualMachine machine;

  private Debugger(DriverProcess driver, VirtualMachine machine) {
    this.driver = driver;
    this.machine = machine;
  }

  /** Starts the command line, which has not run its first line yet. */
  public static Debugger start(Path output, List<String> arguments)
      throws IOException, InterruptedException {
    ListeningConnector connector =
        Bootstrap.virtualMachineManager().listeningConnectors().stream()
            .filter(one -> one.name().equals("com.sun.jdi.SocketListen"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> settings = connector.defaultArguments();
    settings.get("localAddress").setValue("127.0.0.1");
    settings.get("timeout").setValue("300000");
    try {
      String address = connector.startListening(settings);
      String agent = "-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,address=" + address;
      DriverProcess driver = DriverProcess.start(Main.class, output, List.of(agent), arguments);
      VirtualMachine machine = connector.accept(settings);
      connector.stopListening(settings);
      machine.eventQueue().remove(); // That it has started.
      return new Debugger(driver, machine);
    } catch (IllegalConnectorArgumentsException e) {
      throw new IllegalStateException(e);
    }
  }

  public DriverProcess driver() {
    return driver;
  }

  /**
   * Lets the driver run until it has reached each of {@code stops} in turn; at the last one all its
   * threads stand still.
   *
   * @throws AssertionError if the driver ends first, or does not come there in time
   */
  public void runTo(Stop... stops) throws Exception {
    for (Stop stop : stops) {
      List<EventRequest> requests = new ArrayList<>(List.of(preparation(stop)));
      for (ReferenceType type : machine.classesByName(stop.className())) {
        requests.addAll(breakpoints(type, stop));
      }
      machine.resume();
      reach(stop, requests);
      machine.eventRequestManager().deleteEventRequests(requests);
    }
  }

  /** Lets all threads go on. */
  public void resume() {
    machine.resume();
  }

  private void reach(Stop stop, List<EventRequest> requests) throws Exception {
    long deadline = System.currentTimeMillis() + DEADLINE_MILLIS;
    int calls = 0;
    try {
      while (System.currentTimeMillis() < deadline) {
        EventSet events = machine.eventQueue().remove(1000);
        if (events == null) {
          continue;
        }
        for (Event event : events) {
          if (event instanceof ClassPrepareEvent prepared) {
            requests.addAll(breakpoints(prepared.referenceType(), stop));
          } else if (event instanceof BreakpointEvent hit && matches(hit, stop)) {
            calls++;
          }
        }
        if (calls == stop.times()) {
          return;
        }
        events.resume();
      }
    } catch (VMDisconnectedException ended) {
      throw new AssertionError("the driver ended before " + stop + "; it printed:\n" + printed());
    }
    throw new AssertionError("the driver did not reach " + stop + " in time:\n" + printed());
  }

  private String printed() throws IOException {
    return driver.printed();
  }

  private ClassPrepareRequest preparation(Stop stop) {
    ClassPrepareRequest request = machine.eventRequestManager().createClassPrepareRequest();
    request.addClassFilter(stop.className());
    request.enable();
    return request;
  }

  private List<BreakpointRequest> breakpoints(ReferenceType type, Stop stop) {
    List<BreakpointRequest> requests = new ArrayList<>();
    for (Method method : type.methodsByName(stop.method())) {
      if (!method.isAbstract() && !method.isBridge()) {
        BreakpointRequest request =
            machine.eventRequestManager().createBreakpointRequest(method.location());
        request.enable();
        requests.add(request);
      }
    }
    if (requests.isEmpty()) {
      throw new AssertionError(type.name() + " has no method " + stop.method());
    }
    return requests;
  }

  private static boolean matches(BreakpointEvent hit, Stop stop) throws Exception {
    if (stop.argument().isEmpty()) {
      return true;
    }
    for (Value argument : hit.thread().frame(0).getArgumentValues()) {
      if (argument instanceof ObjectReference object
          && text(hit, object).contains(stop.argument())) {
        return true;
      }
    }
    return false;
  }

  /** The argument's own text, said by the driver itself. */
  private static String text(BreakpointEvent hit, ObjectReference object) throws Exception {
    if (object instanceof StringReference string) {
      return string.value();
    }
    Method toString =
        object.referenceType().methodsByName("toString", "()Ljava/lang/String;").get(0);
    try {
      Value text =
          object.invokeMethod(
              hit.thread(), toString, List.of(), ObjectReference.INVOKE_SINGLE_THREADED);
      return text instanceof StringReference string ? string.value() : "";
    } catch (IncompatibleThreadStateException e) {
      throw new IllegalStateException("asking an argument of " + hit, e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    driver.close();
  }
}
