package dev.cloze.job.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** Tells whether a run made a directory: by its history, its plan, its manifest, or the footer of a chunk. */
record Ownership(FileSystem files, Path directory) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param content of the directory */
    boolean isOurs(FileStatus[] content) throws IOException {
        return !RunHistory.in(files, directory).attempts().isEmpty()
                || isBegun(content)
                || Arrays.stream(content).filter(FileStatus::isFile).anyMatch(this::tells);
    }

    /** Whether a driver was killed before it had written anything. */
    private boolean isBegun(FileStatus[] content) throws IOException {
        if (content.length != 1
                || !content[0].isDirectory()
                || !content[0].getPath().getName().equals(ResultNames.HISTORY)) {
            return false;
        }
        return Arrays.stream(files.listStatus(content[0].getPath()))
                .allMatch(file -> file.getLen() == 0 || file.getPath().getName().endsWith(".crc"));
    }

    private boolean tells(FileStatus file) {
        String name = file.getPath().getName();
        return ResultNames.isRecord(name) && isRecord(json(file.getPath()))
                || ResultNames.isChunk(name) && isChunk(file.getPath());
    }

    private JsonNode json(Path file) {
        try (InputStream in = files.open(file)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            // Damaged, or none of ours.
            return JSON.missingNode();
        }
    }

    /** Other programs have files of these names, too. */
    private static boolean isRecord(JsonNode json) {
        JsonNode identity = json.path("identity");
        boolean plan = identity.path("command").isTextual()
                && identity.path("the version of cloze").isTextual();
        boolean manifest = json.path("fingerprint").isTextual()
                && json.path("versions").path("cloze").isTextual();
        return json.path("run").isTextual() && (plan || manifest);
    }

    /** Chunks say in their footer who wrote them, also when the plan is damaged. */
    private boolean isChunk(Path file) {
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, files.getConf()))) {
            return reader.getFileMetaData().getKeyValueMetaData().containsKey("cloze.schema");
        } catch (IOException | RuntimeException e) {
            // Parquet says with both that a file is none.
            return false;
        }
    }
}
