package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import io.rephrase.memory.Machine;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {

  private static final long GIB = 1L << 30;

  /** An engine of 3,225,560,320 bytes and a trainer of 6,050,845,696: see MemoryPlanTest. */
  private static final MemoryPlan PLAN =
      MemoryPlanTest.plan(
          "train.microBatchTokens=2048", "engine.slots=32", "engine.maxContextTokens=1024");

  @Test
  void anExecutorsDefaultOverheadIsRefusedWithTheOneToSet() {
    // 3,225,560,320 + 512 MiB = 3,762,431,232 bytes, which are 3588.1 MiB
    assertThatThrownBy(() -> check("yarn", 64 * GIB).lines(PLAN))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(
            "spark.executor.memoryOverhead is 384 MiB, and the engine needs 3589 MiB (3763339264"
                + " bytes) outside its heap (cache of 32 slots x 1024 tokens 1.41 GiB, ")
        .hasMessageEndingWith(
            "set spark.executor.memoryOverhead=3589m, or lower engine.maxContextTokens,"
                + " engine.slots or train.microBatchTokens");
  }

  @Test
  void oneMebibyteDecides() {
    assertThat(check("yarn", 64 * GIB, "spark.executor.memoryOverhead", "3589m").lines(PLAN).get(3))
        .isEqualTo(
            "so set spark.executor.memoryOverhead=3589m, and in cluster mode"
                + " spark.driver.memoryOverhead=6283m, or more");
    assertThatThrownBy(
            () -> check("yarn", 64 * GIB, "spark.executor.memoryOverhead", "3588").lines(PLAN))
        .hasMessageContaining("is 3588 MiB");
  }

  @Test
  void aShareOfTheHeapCountsAsSparkCountsIt() {
    // 0.4 of 10 GiB = 4096 MiB
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", "k8s://https://host:6443")
            .set("spark.executor.memory", "10g")
            .set("spark.executor.memoryOverheadFactor", "0.4");
    assertThat(new MemoryCheck(conf, machine(64 * GIB), "cpu").lines(PLAN)).hasSize(4);
  }

  @Test
  void inClusterModeTheDriversOverheadIsCheckedToo() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", "k8s://https://host:6443")
            .set("spark.submit.deployMode", "cluster")
            .set("spark.executor.memoryOverhead", "4g");
    assertThatThrownBy(() -> new MemoryCheck(conf, machine(2 * GIB), "cpu").lines(PLAN))
        .hasMessageContaining("spark.driver.memoryOverhead is 384 MiB, and the trainer needs 6283");
  }

  @Test
  void withAGpuTheProcessNeedsWhatCudaTakesOfTheHost() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", "yarn")
            .set("spark.submit.deployMode", "cluster")
            .set("spark.executor.resource.gpu.amount", "1")
            .set("spark.driver.resource.gpu.amount", "1");
    assertThatThrownBy(() -> new MemoryCheck(conf, machine(2 * GIB), "auto").lines(PLAN))
        .hasMessageContaining("needs 4096 MiB")
        .hasMessageContaining("beside the GPU's memory");
  }

  @Test
  void whatCannotFitThisMachineIsRefusedInLocalMode() {
    // least: trained 2,156,434,432 + engine's weights 542,254,336 + training 3,894,411,264
    // = 6,593,100,032 = 6.14 GiB; an 7 GiB machine gives 7 - 1 - 0.5
    assertThatThrownBy(() -> check("local[2]", 7 * GIB).lines(PLAN))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("trainer and engine needs 6.14 GiB outside the heap (")
        .hasMessageContaining("this machine or container has 7.00 GiB, of which the heap may take")
        .hasMessageContaining("lower engine.slots, rollout.maxTokens or train.microBatchTokens");
    assertThat(check("local[2]", 8 * GIB).lines(PLAN)).hasSize(3);
  }

  @Test
  void whatMayNotFitIsSaidAndNotRefused() {
    MemoryPlan unbounded = MemoryPlanTest.plan("train.microBatchTokens=2048");
    assertThat(check("local[2]", 16 * GIB).lines(unbounded).get(3))
        .isEqualTo(
            "with every slot full to the context that would be 14.86 GiB, and there are 14.50 GiB:"
                + " set engine.maxContextTokens to prompt and completion together");
  }

  @Test
  void aStandaloneWorkerIsToldAndTheDriverChecked() {
    assertThat(check("spark://host:7077", 64 * GIB).lines(PLAN))
        .last()
        .asString()
        .contains("spark.executor.memoryOverhead=3589m");
    assertThatThrownBy(() -> check("spark://host:7077", 4 * GIB).lines(PLAN))
        .hasMessageStartingWith("trainer needs 5.64 GiB");
  }

  @Test
  void aHeapThatAnIterationOutgrowsIsRefusedWithTheOneToSet() {
    // 10,000 x (8 x 512 + 512) ids of 4 bytes, 10,000 x 512 log-probs of 4, and 288 MiB:
    // 184,320,000 + 20,480,000 + 33,554,432 + 268,435,456 = 506,789,888 bytes, 483.3 MiB;
    // a sixteenth more are 513.6 MiB
    MemoryPlan plan = MemoryPlanTest.plan("rollout.promptsPerIteration=10000");
    Machine machine = new Machine(256 * GIB, 506_789_887, "cpu");
    SparkConf conf = new SparkConf(false).set("spark.master", "spark://host:7077");
    assertThatThrownBy(() -> new MemoryCheck(conf, machine, "cpu").lines(plan))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "the driver's heap may take 506789887 bytes (483.3 MiB), and an iteration needs up to"
                + " 506789888 bytes (Spark 256.0 MiB, token ids 175.8 MiB, groups being read 32.0"
                + " MiB, log-probs of rephrasings 19.5 MiB) of it: give it --driver-memory 514m or"
                + " more (REPHRASE_HEAP=514m where rephrase starts it), or lower"
                + " rollout.promptsPerIteration, rollout.groupSize or rollout.maxTokens");
    Machine enough = new Machine(256 * GIB, 506_789_888, "cpu");
    assertThat(new MemoryCheck(conf, enough, "cpu").lines(plan)).hasSizeGreaterThan(3);
  }

  private static MemoryCheck check(String master, long memory, String... setting) {
    SparkConf conf = new SparkConf(false).set("spark.master", master);
    for (String pair : List.of(String.join("=", setting))) {
      if (!pair.isEmpty()) {
        conf.set(pair.split("=")[0], pair.split("=")[1]);
      }
    }
    return new MemoryCheck(conf, machine(memory), "cpu");
  }

  private static Machine machine(long memory) {
    return new Machine(memory, GIB, "cpu");
  }
}
