/** What a person sees of work under way, on standard error. Imports nothing of ours. */
@org.jspecify.annotations.NullMarked
package io.rephrase.progress;
