package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import java.net.URI;
import org.junit.jupiter.api.Test;

class WarehouseSessionTest {

  @Test
  void aPathWithoutFileSystemIsRefusedWhereTheUsualOneIsNotThisMachines() {
    URI cluster = URI.create("hdfs://name:8020/");
    assertThatThrownBy(() -> WarehouseSession.requireClear("/user/me/wh", cluster))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "run.warehouse /user/me/wh does not say on which file system, and fs.defaultFS is hdfs://name:8020/; write hdfs://name:8020/user/me/wh, or file:///user/me/wh for this machine's disk");
    assertThatCode(() -> WarehouseSession.requireClear("file:///user/me/wh", cluster))
        .doesNotThrowAnyException();
    assertThatCode(() -> WarehouseSession.requireClear("/user/me/wh", URI.create("file:///")))
        .doesNotThrowAnyException();
  }
}
