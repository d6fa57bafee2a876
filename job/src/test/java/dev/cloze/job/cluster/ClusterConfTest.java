package dev.cloze.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.cloze.catalog.Versions;
import dev.cloze.job.Cloze;
import dev.cloze.job.testing.BackgroundRun;
import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.ConfigEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code conf} says to clusters is what they know. */
class ClusterConfTest {
    private static final Path CONF = BackgroundRun.HOME.resolve("conf");

    @ParameterizedTest
    @ValueSource(strings = {"standalone", "yarn", "kubernetes", "gpu"})
    void everyKeyIsAnOptionOfSparkAndEveryValueIsOfItsType(String name) throws Exception {
        Map<String, String> properties = properties(name);

        assertThat(properties).isNotEmpty();
        assertThat(properties.keySet()).allMatch(SparkOptions.known());
        SparkConf conf = new SparkConf(false);
        properties.forEach(conf::set);
        for (String key : properties.keySet()) {
            ConfigEntry<?> entry = ConfigEntry.findEntry(key);
            if (entry != null) {
                assertThatCode(() -> conf.get(entry)).as(key).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void aMistypedKeyIsNoOption() throws Exception {
        assertThat(List.of(
                        "spark.executor.core",
                        "spark.kubernetes.container.imag",
                        "spark.kubernetes.authenticate.driver.serviceAcountName",
                        "spark.kubernetes.driver.volumes.persistentVolumeClaim.models.mount.paths",
                        "spark.yarn.maxAppAttempt"))
                .noneMatch(SparkOptions.known());
    }

    @Test
    void theApplicationRunsTheProgramOfTheImage() throws Exception {
        JsonNode application = application();

        assertThat(application.path("apiVersion").asText()).isEqualTo("spark.apache.org/v1");
        assertThat(application.path("kind").asText()).isEqualTo("SparkApplication");
        assertThat(application.at("/spec/mainClass").asText()).isEqualTo(Cloze.class.getName());
        assertThat(application.at("/spec/jars").asText())
                .isEqualTo("local://" + Dockerfile.ofCloze().placeOf("cloze-job.jar"));
        assertThat(application.at("/spec/runtimeVersions/sparkVersion").asText())
                .isEqualTo(Versions.of("spark"));
    }

    @Test
    void theApplicationHasTheOptionsOfTheProperties() throws Exception {
        Map<String, String> properties = properties("kubernetes");
        // The operator knows no other.
        assertThat(properties.remove("spark.submit.deployMode")).isEqualTo("cluster");

        Map<String, String> options = new ObjectMapper()
                .convertValue(application().at("/spec/sparkConf"), new TypeReference<Map<String, String>>() {});

        assertThat(options).isEqualTo(properties);
    }

    @Test
    void theArgumentsOfTheApplicationAreOptionsOfCloze() throws Exception {
        List<String> arguments = new ObjectMapper()
                .convertValue(application().at("/spec/driverArgs"), new TypeReference<List<String>>() {});

        Runner.Result run = Runner.run(arguments.toArray(String[]::new));

        assertThat(run.err()).contains("/models/bert-base-uncased");
        assertThat(run.code())
                .as("all that is wrong here is that there is no such model")
                .isEqualTo(5);
    }

    private static Map<String, String> properties(String name) throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(CONF.resolve(name + ".properties"))) {
            properties.load(in);
        }
        Map<String, String> all = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> all.put(key, properties.getProperty(key)));
        return all;
    }

    private static JsonNode application() throws IOException {
        return new ObjectMapper(new YAMLFactory())
                .readTree(CONF.resolve("kubernetes/spark-application.yaml").toFile());
    }
}
