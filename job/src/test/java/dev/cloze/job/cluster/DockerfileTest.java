package dev.cloze.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.catalog.Versions;
import dev.cloze.job.testing.BackgroundRun;
import dev.cloze.onnx.OnnxJar;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The image cannot be built here; what it is made of can be looked at. */
class DockerfileTest {
    private static final String BUILD = "/cloze/";

    @Test
    void itsVersionsAreThoseOfTheBuild() throws Exception {
        Dockerfile file = Dockerfile.ofCloze();

        assertThat(file.arguments())
                .containsEntry("SPARK_VERSION", Versions.of("spark"))
                .containsEntry("ONNXRUNTIME_VERSION", OnnxJar.version());
        assertThat(scala.util.Properties.versionNumberString())
                .startsWith(file.arguments().get("SCALA_VERSION") + ".");
        assertThat(file.images()).hasSize(2).last().asString().startsWith("spark:" + Versions.of("spark") + "-scala");
    }

    @Test
    void itsJavaIsThatOfTheBuild() throws Exception {
        String java =
                inPom("<maven.compiler.release>(.*)</maven.compiler.release>").get(0);

        assertThat(Dockerfile.ofCloze().images().get(0)).endsWith("-" + java);
        assertThat(Dockerfile.ofCloze().images().get(1)).contains("-java" + java + "-");
    }

    @Test
    void itTakesTheWholeBuildFromTheRepository() throws Exception {
        List<Dockerfile.Copy> sources = Dockerfile.ofCloze().sources();

        assertThat(sources).allMatch(copy -> Files.exists(BackgroundRun.HOME.resolve(copy.from())));
        assertThat(sources)
                .filteredOn(copy -> !copy.to().startsWith("/opt/cloze/"))
                .allMatch(copy -> copy.from().equals(copy.to()));
        assertThat(sources)
                .extracting(Dockerfile.Copy::from)
                .contains("pom.xml", ".mvn")
                .containsAll(inPom("<module>(.*)</module>"));
    }

    @Test
    void itTakesFilesThatTheBuildMakes() throws Exception {
        assertThat(Dockerfile.ofCloze().products())
                .extracting(Dockerfile.Copy::from)
                .containsExactlyInAnyOrder(
                        BUILD + "job/target/cloze-job.jar",
                        BUILD + "job/target/onnxruntime/onnxruntime-" + OnnxJar.version() + ".jar");
        assertThat(Files.readString(BackgroundRun.HOME.resolve("job/pom.xml")))
                .contains(
                        "<finalName>cloze-job</finalName>", "<outputDirectory>${project.build.directory}/onnxruntime<");
    }

    private static List<String> inPom(String pattern) throws Exception {
        return Pattern.compile(pattern)
                .matcher(Files.readString(BackgroundRun.HOME.resolve("pom.xml")))
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }

    @Test
    void itsLettersAreThoseOfUtf8() throws Exception {
        assertThat(Dockerfile.ofCloze().variables()).containsEntry("LC_ALL", "C.UTF-8");
    }
}
