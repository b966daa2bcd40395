package io.rephrase.endpoint;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that wait for answers of a server. */
public final class RequestThreads {

  private static final long IDLE_SECONDS = 10;

  private RequestThreads() {}

  /**
   * As many threads as requests may be under way; they end when idle and hold up no exit. The
   * caller shuts it down.
   *
   * @param name of the threads
   */
  public static ThreadPoolExecutor pool(String name, int concurrency) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            concurrency,
            concurrency,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
