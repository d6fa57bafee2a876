package dev.cloze.job.config;

import dev.cloze.failure.Causes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text of settings files: small regular files in UTF-8. */
final class SettingsText {
    private static final int LARGEST = 1 << 20;

    private SettingsText() {}

    static String read(Path file) {
        String example = "give --config a file like conf/laptop.conf";
        if (!Files.exists(file)) {
            throw HoconFile.unreadable(file, "there is no such file", example);
        }
        if (!Files.isRegularFile(file)) {
            String what = Files.isDirectory(file) ? "it is a directory" : "it is not a regular file";
            throw HoconFile.unreadable(file, what, example);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw HoconFile.unreadable(file, "it has more than 1 MB", example);
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw HoconFile.unreadable(file, "it is not text in UTF-8", "save it in UTF-8");
        } catch (IOException e) {
            throw HoconFile.unreadable(file, Causes.firstLine(e), "check the file and its permissions");
        }
    }
}
