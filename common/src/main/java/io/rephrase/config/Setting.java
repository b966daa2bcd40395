package io.rephrase.config;

import com.google.gson.JsonElement;

/**
 * A value and where it came from.
 *
 * @param value as JSON: null where something else decides
 * @param origin such as {@code conf/arena.conf:12}, {@code command line} or {@code built-in}
 */
public record Setting(JsonElement value, String origin) {}
