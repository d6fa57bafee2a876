package dev.cloze.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Downloads the content of one file into the cache. It is written to {@code DIGEST.cloze.incomplete}, which a later attempt, also one of
 * another process, continues; the file gets its final name when its size and its digest are right.
 */
final class Download {
    private static final String INCOMPLETE = ".cloze.incomplete";
    private static final int BLOCK = 1 << 16;

    private final HubFile file;
    private final URI address;
    private final ModelFolder folder;
    private final HubClient client;
    private final HubRefusal refusal;
    private final Retries retries;
    private final TransferProgress progress;
    private FileChannel incomplete;

    Download(
            HubFile file,
            URI address,
            ModelFolder folder,
            HubClient client,
            HubRefusal refusal,
            Retries retries,
            TransferProgress progress) {
        this.file = file;
        this.address = address;
        this.folder = folder;
        this.client = client;
        this.refusal = refusal;
        this.retries = retries;
        this.progress = progress;
    }

    /** Returns when the blob is there, with the right content. */
    void run() {
        // The lock holds off other processes; within this one the monitor does.
        synchronized (Download.class) {
            Path place = blob().resolveSibling(file.digest() + INCOMPLETE);
            try {
                Files.createDirectories(place.getParent());
                try (FileChannel channel = FileChannel.open(
                                place,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                LinkOption.NOFOLLOW_LINKS);
                        FileLock lock = channel.lock()) {
                    assert lock.isValid();
                    incomplete = channel;
                    complete(place);
                }
            } catch (IOException e) {
                throw refusal.unwritable(String.valueOf(e), e);
            }
        }
    }

    private Path blob() {
        return folder.blob(file.digest());
    }

    private void complete(Path place) throws IOException {
        if (folder.has(file)) {
            // Another process was faster.
            Files.deleteIfExists(place);
            return;
        }
        boolean isResumed = incomplete.size() > 0;
        fetch();
        if (isResumed && !file.digest().isOf(place)) {
            // Whoever began it may have been sent something else.
            incomplete.truncate(0);
            fetch();
        }
        if (!file.digest().isOf(place)) {
            incomplete.truncate(0);
            throw refusal.model(
                    "what came as " + file.path() + " is not what the hub announced (its digest is not " + file.digest()
                            + ")",
                    "run it again; when that does not help, something between this machine and the hub changes files");
        }
        incomplete.force(true);
        Files.move(place, blob(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void fetch() throws IOException {
        if (incomplete.size() > file.size()) {
            incomplete.truncate(0);
        }
        long most = incomplete.size();
        progress.begin(file.path(), most);
        while (incomplete.size() < file.size()) {
            try {
                fetchOn();
            } catch (HubFailure e) {
                if (incomplete.size() > most) {
                    most = incomplete.size();
                    retries.startAnew();
                }
                retries.after(e);
            }
        }
    }

    private void fetchOn() throws IOException {
        long from = incomplete.size();
        Map<String, String> range = from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-");
        try (HubClient.Answer answer = client.ask(address, HubRequest.get(range), file.path())) {
            if (from > 0 && !answer.continuesAt(from)) {
                incomplete.truncate(0);
                progress.back(from);
            }
            if (answer.status() != HubClient.OK && !answer.continuesAt(incomplete.size())) {
                throw new HubFailure("the hub sends another part of the file than the one it was asked for");
            }
            copy(answer.body());
        }
    }

    private void copy(InputStream body) throws IOException {
        incomplete.position(incomplete.size());
        byte[] block = new byte[BLOCK];
        for (int read = body.read(block); read >= 0; read = body.read(block)) {
            if (incomplete.size() + read > file.size()) {
                incomplete.truncate(0);
                throw refusal.model(
                        "more came as " + file.path() + " than the " + file.size() + " bytes that the hub announced",
                        "run it again; when that does not help, something between this machine and the hub changes files");
            }
            write(ByteBuffer.wrap(block, 0, read));
            progress.add(read);
        }
        if (incomplete.size() < file.size()) {
            throw new HubFailure("the answer ended in the middle of the file");
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            incomplete.write(bytes);
        }
    }
}
