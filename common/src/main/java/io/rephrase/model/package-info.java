/**
 * Causal language models: read from and written to Hugging Face folders, scored, trained and
 * decoded. Each family is one package below and one line in {@code ModelFamilies}; no family
 * imports another. Tensors stay inside: what leaves this room is plain Java, but for {@link
 * io.rephrase.model.PolicyModel} implementations that hand arrays to the engine.
 *
 * <p>Letters of axes: B rows of a batch, T positions, H query heads, K key/value heads, D head
 * size, E hidden size, F feed-forward size, V vocabulary, S cache positions.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.model;
