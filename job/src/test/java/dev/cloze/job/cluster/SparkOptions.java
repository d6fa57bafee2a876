package dev.cloze.job.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.internal.config.ConfigEntry$;
import org.apache.spark.resource.ResourceUtils;

/**
 * The options that Spark knows, from its own registry. A program of one file, too: it makes {@code cluster-manager-options.txt} with
 * the jars of a whole distribution of Spark, because this build has none for YARN and Kubernetes.
 *
 * <pre>
 * java -cp ".../pyspark/jars/*" job/src/test/java/dev/cloze/job/cluster/SparkOptions.java
 * </pre>
 */
final class SparkOptions {
    /** Objects that register options when they are loaded. */
    private static final List<String> HERE = List.of(
            "org.apache.spark.internal.config.package$",
            "org.apache.spark.internal.config.Deploy$",
            "org.apache.spark.internal.config.Network$",
            "org.apache.spark.internal.config.UI$",
            "org.apache.spark.internal.config.Worker$",
            "org.apache.spark.sql.internal.SQLConf$",
            "org.apache.spark.sql.internal.StaticSQLConf$");

    private static final List<String> CLUSTER_MANAGERS =
            List.of("org.apache.spark.deploy.yarn.config.package$", "org.apache.spark.deploy.k8s.Config$");

    /** Documented, and in no registry. */
    private static final List<String> UNREGISTERED = List.of(
            "spark.executorEnv.*",
            "spark.hadoop.*",
            "spark.yarn.appMasterEnv.*",
            "spark.task.resource.*." + ResourceUtils.AMOUNT(),
            "spark.executor.resource.*." + ResourceUtils.AMOUNT(),
            "spark.executor.resource.*." + ResourceUtils.DISCOVERY_SCRIPT(),
            "spark.executor.resource.*." + ResourceUtils.VENDOR());

    private SparkOptions() {}

    /** Whether a key is one of them. */
    static Predicate<String> known() throws ReflectiveOperationException, IOException {
        Set<String> registered = registered();
        try (InputStream in = SparkOptions.class.getResourceAsStream("cluster-manager-options.txt")) {
            String others = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Predicate<String> other = Stream.concat(others.lines(), UNREGISTERED.stream())
                    .map(SparkOptions::pattern)
                    .map(Pattern::asMatchPredicate)
                    .reduce(key -> false, Predicate::or);
            return other.or(registered::contains);
        }
    }

    private static Pattern pattern(String option) {
        return Pattern.compile(
                Arrays.stream(option.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".+")));
    }

    private static Set<String> registered() throws ReflectiveOperationException {
        for (String name : HERE) {
            Class.forName(name);
        }
        return new TreeSet<>(ConfigEntry$.MODULE$.knownConfigs().keySet());
    }

    /** Prints the options of YARN and Kubernetes, one a line; a star stands for a name that users choose. */
    public static void main(String[] args) throws ReflectiveOperationException {
        Set<String> before = registered();
        Set<String> found = new TreeSet<>();
        for (String name : CLUSTER_MANAGERS) {
            found.addAll(patterns(constants(Class.forName(name))));
        }
        found.addAll(ConfigEntry$.MODULE$.knownConfigs().keySet());
        found.removeAll(before);
        found.forEach(System.out::println);
    }

    /** Options that are made of constants: those that begin with one, and volumes, whose type and property are constants, too. */
    private static Set<String> patterns(Map<String, String> constants) {
        Set<String> patterns = new TreeSet<>();
        List<String> types = values(constants, "KUBERNETES_VOLUMES_.*_TYPE");
        List<String> properties = values(constants, "KUBERNETES_VOLUMES_.*_KEY");
        for (String beginning : values(constants, ".*_PREFIX")) {
            if (beginning.endsWith(".volumes.")) {
                types.forEach(type -> properties.forEach(
                        property -> patterns.add(beginning + type + ".*." + property.replaceFirst("\\.$", ".*"))));
            } else if (beginning.endsWith(".")) {
                patterns.add(beginning + "*");
            }
        }
        return patterns;
    }

    private static List<String> values(Map<String, String> constants, String name) {
        return constants.entrySet().stream()
                .filter(constant -> constant.getKey().matches(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static Map<String, String> constants(Class<?> config) throws ReflectiveOperationException {
        Object object = config.getField("MODULE$").get(null);
        Map<String, String> constants = new TreeMap<>();
        for (Method method : config.getMethods()) {
            if (method.getReturnType() == String.class && method.getParameterCount() == 0) {
                constants.put(method.getName(), (String) method.invoke(object));
            }
        }
        return constants;
    }
}
