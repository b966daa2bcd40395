package io.rephrase.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.rephrase.ConfigurationException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes records of a configuration: a key is a component's name. Collects every value with its
 * origin on the way. In a map of records the entry {@code default} holds what the others leave
 * unsaid.
 */
final class RecordBinder {

  private static final String DEFAULT_ENTRY = "default";

  private final SortedMap<String, Setting> settings = new TreeMap<>();

  SortedMap<String, Setting> settings() {
    return settings;
  }

  <R extends Record> R bind(ConfigObject object, Class<R> type) {
    return bind("", object, type);
  }

  private <R extends Record> R bind(String path, ConfigObject object, Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    refuseUnknownKeys(path, object, components);
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = join(path, components[i].getName());
      ConfigValue value = object.get(components[i].getName());
      if (value == null) {
        throw new ConfigurationException(
            "%s: %s is missing; give it a value".formatted(place(object), key));
      }
      arguments[i] = component(key, value, components[i]);
    }
    return construct(path, object, type, arguments);
  }

  private void refuseUnknownKeys(String path, ConfigObject object, RecordComponent[] components) {
    List<String> known = Arrays.stream(components).map(RecordComponent::getName).toList();
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw new ConfigurationException(
            "%s: unknown key %s%s"
                .formatted(
                    Origins.of(entry.getValue()),
                    join(path, entry.getKey()),
                    Names.suggestion(entry.getKey(), known)));
      }
    }
  }

  private Object component(String key, ConfigValue value, RecordComponent component) {
    Class<?> type = component.getType();
    if (type.isRecord()) {
      return bind(key, object(key, value), type.asSubclass(Record.class));
    }
    if (type == Map.class) {
      Class<?> element = argument(component.getGenericType(), 1);
      return element.isRecord()
          ? records(key, object(key, value), element.asSubclass(Record.class))
          : leaves(key, object(key, value).toConfig(), element);
    }
    return recorded(key, value, leaf(key, value, component));
  }

  private Object leaf(String key, ConfigValue value, RecordComponent component) {
    Class<?> type = component.getType();
    boolean absent = value.valueType() == ConfigValueType.NULL;
    if (type == Optional.class) {
      return absent
          ? Optional.empty()
          : Optional.of(ValueReader.read(key, value, argument(component.getGenericType(), 0)));
    }
    if (absent) {
      throw new ConfigurationException(
          "%s: %s must not be null; give it a value".formatted(Origins.of(value), key));
    }
    return type == List.class
        ? list(key, value, argument(component.getGenericType(), 0))
        : ValueReader.read(key, value, type);
  }

  private <R extends Record> Map<String, R> records(
      String key, ConfigObject entries, Class<R> type) {
    ConfigValue defaults = entries.get(DEFAULT_ENTRY);
    Map<String, R> records = new LinkedHashMap<>();
    for (Map.Entry<String, ConfigValue> entry : entries.entrySet()) {
      if (!entry.getKey().equals(DEFAULT_ENTRY)) {
        String entryKey = join(key, ConfigUtil.joinPath(entry.getKey()));
        ConfigObject own = object(entryKey, entry.getValue());
        ConfigObject whole = defaults == null ? own : own.withFallback(defaults);
        records.put(entry.getKey(), bind(entryKey, whole, type));
      }
    }
    return records;
  }

  private Map<String, Object> leaves(String key, Config config, Class<?> type) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, ConfigValue> entry : config.entrySet()) {
      String name = String.join(".", ConfigUtil.splitPath(entry.getKey()));
      String entryKey = join(key, ConfigUtil.joinPath(name));
      ConfigValue value = entry.getValue();
      values.put(name, recorded(entryKey, value, ValueReader.read(entryKey, value, type)));
    }
    return values;
  }

  private static List<Object> list(String key, ConfigValue value, Class<?> type) {
    if (!(value instanceof List<?> elements)) {
      throw ValueReader.wrong(key, value, "a list such as [a, b]");
    }
    List<Object> values = new ArrayList<>();
    for (Object element : elements) {
      values.add(ValueReader.read(key, (ConfigValue) element, type));
    }
    return values;
  }

  private static ConfigObject object(String key, ConfigValue value) {
    if (value instanceof ConfigObject object) {
      return object;
    }
    throw ValueReader.wrong(key, value, "a section such as { key = value }");
  }

  private Object recorded(String key, ConfigValue value, Object bound) {
    settings.put(key, new Setting(Json.of(bound), Origins.of(value)));
    return bound;
  }

  private static <R extends Record> R construct(
      String path, ConfigObject object, Class<R> type, Object[] arguments) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<R> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException refused) {
      if (refused.getCause() instanceof IllegalArgumentException broken) {
        throw new ConfigurationException(
            located(path, object, String.valueOf(broken.getMessage())), broken);
      }
      throw new IllegalStateException("making " + type, refused);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("making " + type, impossible);
    }
  }

  /** A record's message begins with its key: here the section and the place are added. */
  private static String located(String path, ConfigObject object, String message) {
    String key = message.split(" ", 2)[0];
    Config config = object.toConfig();
    String place = place(object);
    if (key.matches("[\\w.\"-]+") && config.hasPath(key)) {
      place = Origins.of(config.getValue(key));
    }
    return "%s: %s".formatted(place, join(path, message));
  }

  private static String place(ConfigObject object) {
    return Origins.of(object.origin());
  }

  private static Class<?> argument(Type type, int index) {
    return (Class<?>) ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
