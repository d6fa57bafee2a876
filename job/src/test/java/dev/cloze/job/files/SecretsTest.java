package dev.cloze.job.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://me:hunter2@host/corpus.txt",
                "s3a://AKIA:hunter2/with+slash@bucket/corpus",
                "jdbc:postgresql://me:hunter2@host/db",
                "jdbc:oracle:thin:me/hunter2@host:1521:db",
                "https://:hunter2@host/model"
            })
    void passwordsInUrlsAreHidden(String url) {
        assertThat(Secrets.location(url)).doesNotContain("hunter2").contains("*********(redacted)@");
        assertThat(Secrets.location(Secrets.location(url))).isEqualTo(Secrets.location(url));
        assertThat(Secrets.hiddenIn("Cannot read corpus " + url + ": no"))
                .doesNotContain("hunter2")
                .startsWith("Cannot read corpus ")
                .endsWith(": no");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/data/a:b@c",
                "hdfs://host:8020/a@b/c",
                "abfss://container@account.dfs.core.windows.net/corpus",
                "jdbc:postgresql://host:5432/db",
                "s3a://bucket/a=b"
            })
    void whatIsNoPasswordStays(String url) {
        assertThat(Secrets.location(url)).isEqualTo(url);
        assertThat(Secrets.hiddenIn("read " + url + ": no")).isEqualTo("read " + url + ": no");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{multiLine=true, password=hunter2}",
                "--read-option was {fs.s3a.secret.key=hunter2, a=b}, it is {}",
                "could not connect to jdbc:mysql://host/db?user=me&password=hunter2&ssl=true",
                "expected KEY=VALUE but was password:hunter2",
                "sasl.jaas.config: passwd=\"hunter2\"",
                "api_key='hunter2'",
                "access_token=hunter2;"
            })
    void namedSecretsOfMessagesAreHidden(String message) {
        assertThat(Secrets.hiddenIn(message)).doesNotContain("hunter2").contains("*********(redacted)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--set: unknown key batch-tokns, did you mean batch-tokens?",
                "Invalid value for option '--batch-tokens': 'many' is not an int",
                "the text has 600 tokens: the model reads 512",
                "--tokens was true, it is false"
            })
    void messagesAboutTokensStay(String message) {
        assertThat(Secrets.hiddenIn(message)).isEqualTo(message);
    }

    @Test
    void aSecretIsToldFromAnotherAndIsNotInItsIdentity() {
        String one = Secrets.identity(Map.of("password", "hunter2"));

        assertThat(one).startsWith("{password=*********(redacted) ").doesNotContain("hunter2");
        assertThat(Secrets.identity(Map.of("password", "hunter2"))).isEqualTo(one);
        assertThat(Secrets.identity(Map.of("password", "hunter3"))).isNotEqualTo(one);
        assertThat(Secrets.identity(Map.of("passwd", "hunter2")).replace("passwd", "password"))
                .as("of another option")
                .isNotEqualTo(one);
        assertThat(Secrets.hiddenIn(one)).as("what is hidden already").isEqualTo(one);
    }

    @Test
    void whatIsNoSecretIsItsOwnIdentity() {
        assertThat(Secrets.identity(Map.of("multiLine", "true"))).isEqualTo("{multiLine=true}");
        assertThat(Secrets.identity(5)).isEqualTo("5");
        assertThat(Secrets.identity("token")).isEqualTo("token");
    }
}
