/**
 * From words to ids and back: the checkpoint's own tokenizer and chat template, the two prompts of
 * the method (the bare question q and the rephrase prompt P(q,k)), what is stripped from a
 * rephrasing (meta tokens) and when one is rejected.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.prompt;
