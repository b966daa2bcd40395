package io.rephrase.jobs.driver;

/**
 * A place in the code: the {@code times}-th call of a method, counted from when the place before it
 * was reached, whose arguments' texts hold {@code argument}.
 *
 * @param className of the method
 * @param method its name; all of its overloads
 * @param argument part of an argument's text; "" takes every call
 * @param times from 1
 */
public record Stop(String className, String method, String argument, int times) {

  /** The next call of a method. */
  public static Stop at(Class<?> type, String method) {
    return new Stop(type.getName(), method, "", 1);
  }

  /** The next call of a method of a class that is not public. */
  public static Stop at(String className, String method) {
    return new Stop(className, method, "", 1);
  }

  /** The same with this text in an argument. */
  public Stop with(String text) {
    return new Stop(className, method, text, times);
  }

  /** The same at a later call. */
  public Stop call(int number) {
    return new Stop(className, method, argument, number);
  }
}
