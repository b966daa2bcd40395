package io.rephrase.generation.server;

import com.google.gson.JsonObject;

/** One call that makes a server take up a checkpoint. */
record Announcement(String path, JsonObject body) {}
