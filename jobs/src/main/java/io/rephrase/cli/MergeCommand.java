package io.rephrase.cli;

import io.rephrase.InputException;
import io.rephrase.config.WeightType;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyFolder;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TorchPolicyModel;
import io.rephrase.model.weights.TensorType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a whole model of an adapter and its base. */
@Command(
    name = "merge",
    mixinStandardHelpOptions = true,
    description =
        "Merges a LoRA adapter in PEFT's format, as runs with policy.lora.rank save it, "
            + "into its base, and writes the whole model as a Hugging Face folder.",
    footer = {
      "",
      "Example:",
      "  rephrase merge --checkpoint warehouse/_checkpoints/gsm8k/20-1f0c.../policy \\",
      "    --output models/gsm8k-20"
    })
final class MergeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--checkpoint",
      paramLabel = "DIR",
      required = true,
      description = "Folder with adapter_config.json and adapter_model.safetensors.")
  private Path checkpoint;

  @Option(
      names = "--base",
      paramLabel = "DIR",
      description = "Folder of the base; default: what adapter_config.json names")
  private Path base;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Folder that is made; it must not exist.")
  private Path output;

  @Option(
      names = "--dtype",
      description = "Of the written weights: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
  private WeightType dtype = WeightType.FLOAT32;

  @Override
  public Integer call() {
    if (Files.exists(output)) {
      throw new ParameterException(
          spec.commandLine(), "--output " + output + " exists already; name a new folder");
    }
    TensorType type =
        switch (dtype) {
          case FLOAT32 -> TensorType.F32;
          case BFLOAT16 -> TensorType.BF16;
        };
    ModelOptions defaults = ModelOptions.defaults();
    ModelOptions options = defaults.on("cpu").savedAs(type, defaults.shardBytes());
    try (TorchPolicyModel merged = PolicyModels.openForScoring(folder(), options)) {
      merged.save(output);
    }
    spec.commandLine().getErr().println("merged into " + output);
    return 0;
  }

  private PolicyFolder folder() {
    if (!Files.isRegularFile(checkpoint.resolve(PolicyFolder.ADAPTER))) {
      throw new InputException(
          "--checkpoint %s has no %s: there is nothing to merge; name the folder of an adapter, such as the policy folder of a run with policy.lora.rank above 0"
              .formatted(checkpoint, PolicyFolder.ADAPTER));
    }
    return base == null
        ? PolicyFolder.of(checkpoint)
        : new PolicyFolder(checkpoint, base, base.toString());
  }
}
