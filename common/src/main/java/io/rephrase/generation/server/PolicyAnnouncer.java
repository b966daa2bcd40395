package io.rephrase.generation.server;

/** Makes a server take up the weights of a checkpoint. */
public interface PolicyAnnouncer {

  /**
   * Returns when the server has them.
   *
   * @param folder of the checkpoint, as the server sees it
   * @throws io.rephrase.EndpointException if it does not take them up
   */
  void announce(String folder, int policyVersion);
}
