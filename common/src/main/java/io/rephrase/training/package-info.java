/**
 * The policy trainer: groups in, one new policy out. Plain Java over the {@link
 * io.rephrase.model.PolicyModel} seam; sees losses and models, never a table. Checkpoint folders on
 * local disk are written and verified here.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.training;
