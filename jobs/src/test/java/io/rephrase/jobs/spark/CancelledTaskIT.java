package io.rephrase.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.arena.EmbeddedPolicy;
import io.rephrase.generation.Completion;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.generation.SamplingParams;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Spark job that would generate for ever, cancelled. */
class CancelledTaskIT {

  private static final AtomicLong COMPLETIONS = new AtomicLong();

  @TempDir Path folder;

  @Test
  @Timeout(120)
  void aKilledTaskStopsAtItsNextStepAndTheNextTaskHasTheEngine() throws Exception {
    EmbeddedPolicy.extractTo(folder.resolve("policy"));
    EngineSpec spec =
        new EngineSpec(
            "cancelled",
            0,
            folder.resolve("policy").toString(),
            new TreeMap<>(),
            EngineSpec.Base.NONE,
            4,
            1,
            true,
            "cpu",
            0,
            60,
            new Sampler.Here());
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(SparkTestSession.get().sparkContext());
    JavaFutureAction<Void> job = spark.parallelize(List.of(spec), 1).foreachAsync(new Endless());
    while (COMPLETIONS.get() < 20) {
      Thread.sleep(20);
    }
    job.cancel(true);
    try (ExecutorEngines.Lease next = ExecutorEngines.acquire(spec, TorchPolicyLoader.create())) {
      long atTheEnd = COMPLETIONS.get();
      assertThat(job.isCancelled()).isTrue();
      Thread.sleep(200);
      assertThat(COMPLETIONS.get()).isEqualTo(atTheEnd);
      assertThat(next.policy().engine().slots()).isEqualTo(4);
    } finally {
      ExecutorEngines.release();
    }
  }

  /** Requests without an end. */
  static final class Endless implements VoidFunction<EngineSpec> {
    private static final long serialVersionUID = 1;

    @Override
    public void call(EngineSpec spec) {
      SamplingParams sampling = new SamplingParams(1, 1, 0, false, 16, true);
      Iterator<GenerationRequest> requests =
          LongStream.iterate(0, key -> key + 1)
              .mapToObj(key -> new GenerationRequest(key, new int[] {2, 5, 9}, key, sampling))
              .iterator();
      try (ExecutorEngines.Lease lease =
          ExecutorEngines.acquire(spec, TorchPolicyLoader.create())) {
        Iterator<Completion> done = lease.policy().engine().generate(requests);
        while (done.hasNext()) {
          done.next();
          COMPLETIONS.incrementAndGet();
        }
      }
    }
  }
}
