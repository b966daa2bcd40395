package io.rephrase.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;

/**
 * The same transformer in single array operations, one row at a time, as the formulas stand in the
 * papers: the kernels' oracle. Forward only.
 */
final class OpByOpTransformer {
  private final ModelWeights weights;
  private final ModelConfig sizes;

  OpByOpTransformer(ModelWeights weights) {
    this.weights = weights;
    this.sizes = weights.config();
  }

  /** Logits of every position, [T, V]. */
  NDArray logits(NDManager scope, int[] ids) {
    NDArray x = own(scope, weights.embedding()).get(scope.create(ids));
    for (int layer = 0; layer < sizes.layers(); layer++) {
      x = x.add(attention(scope, layer, norm(scope, x, layer, LayerWeight.INPUT_NORM)));
      x = x.add(feedForward(scope, layer, norm(scope, x, layer, LayerWeight.FEED_FORWARD_NORM)));
    }
    return rms(x, own(scope, weights.finalNorm())).matMul(own(scope, weights.head()).transpose());
  }

  private NDArray attention(NDManager scope, int layer, NDArray x) {
    int length = (int) x.getShape().get(0);
    NDArray query = heads(project(scope, x, layer, LayerWeight.QUERY), sizes.heads());
    NDArray key = heads(project(scope, x, layer, LayerWeight.KEY), sizes.keyValueHeads());
    NDArray value = heads(project(scope, x, layer, LayerWeight.VALUE), sizes.keyValueHeads());
    query = rotate(scope, normed(scope, query, layer, LayerWeight.QUERY_NORM));
    key = rotate(scope, normed(scope, key, layer, LayerWeight.KEY_NORM));
    int shared = sizes.heads() / sizes.keyValueHeads();
    NDArray scores =
        query
            .matMul(key.repeat(0, shared).transpose(0, 2, 1))
            .mul(1 / Math.sqrt(sizes.headSize()))
            .add(causalMask(scope, length));
    NDArray mixed = scores.softmax(-1).matMul(value.repeat(0, shared));
    NDArray joined =
        mixed.transpose(1, 0, 2).reshape(length, (long) sizes.heads() * sizes.headSize());
    return project(scope, joined, layer, LayerWeight.OUTPUT);
  }

  private NDArray feedForward(NDManager scope, int layer, NDArray x) {
    NDArray gate = project(scope, x, layer, LayerWeight.GATE);
    NDArray silu = gate.div(gate.neg().exp().add(1));
    return project(
        scope, silu.mul(project(scope, x, layer, LayerWeight.UP)), layer, LayerWeight.DOWN);
  }

  private NDArray project(NDManager scope, NDArray x, int layer, LayerWeight role) {
    NDArray product = x.matMul(own(scope, weights.layer(layer, role).orElseThrow()).transpose());
    return bias(role)
        .flatMap(bias -> weights.layer(layer, bias))
        .map(bias -> product.add(own(scope, bias)))
        .orElse(product);
  }

  private static Optional<LayerWeight> bias(LayerWeight role) {
    return switch (role) {
      case QUERY -> Optional.of(LayerWeight.QUERY_BIAS);
      case KEY -> Optional.of(LayerWeight.KEY_BIAS);
      case VALUE -> Optional.of(LayerWeight.VALUE_BIAS);
      case INPUT_NORM,
          OUTPUT,
          FEED_FORWARD_NORM,
          GATE,
          UP,
          DOWN,
          QUERY_BIAS,
          KEY_BIAS,
          VALUE_BIAS,
          QUERY_NORM,
          KEY_NORM ->
          Optional.empty();
    };
  }

  /** [T, heads * D] to [heads, T, D]. */
  private NDArray heads(NDArray x, int heads) {
    return x.reshape(x.getShape().get(0), heads, sizes.headSize()).transpose(1, 0, 2);
  }

  private NDArray norm(NDManager scope, NDArray x, int layer, LayerWeight role) {
    return rms(x, own(scope, weights.layer(layer, role).orElseThrow()));
  }

  private NDArray normed(NDManager scope, NDArray x, int layer, LayerWeight role) {
    return weights.layer(layer, role).map(weight -> rms(x, own(scope, weight))).orElse(x);
  }

  private NDArray rms(NDArray x, NDArray weight) {
    NDArray meanSquare = x.square().mean(new int[] {-1}, true);
    return x.div(meanSquare.add(weights.normEpsilon()).sqrt()).mul(weight);
  }

  private NDArray rotate(NDManager scope, NDArray x) {
    long length = x.getShape().get(1);
    NDArray cosines = own(scope, weights.cosines()).get("0:" + length);
    NDArray sines = own(scope, weights.sines()).get("0:" + length);
    int half = sizes.headSize() / 2;
    NDArray first = x.get("..., :" + half);
    NDArray second = x.get("..., " + half + ":");
    return x.mul(cosines).add(second.neg().concat(first, -1).mul(sines));
  }

  private static NDArray causalMask(NDManager scope, int length) {
    float[] mask = new float[length * length];
    for (int query = 0; query < length; query++) {
      for (int key = query + 1; key < length; key++) {
        mask[query * length + key] = Float.NEGATIVE_INFINITY;
      }
    }
    return scope.create(mask, new Shape(length, length));
  }

  /** Results belong to the first operand's manager: a copy of the weight belongs to the scope. */
  private static NDArray own(NDManager scope, NDArray weight) {
    NDArray copy = weight.duplicate();
    copy.attach(scope);
    return copy;
  }
}
