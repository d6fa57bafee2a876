package dev.cloze.job.doctor;

/** The JVM. An older one than 17 would not have come so far; which one it is matters to whoever helps. */
record JavaVersion() implements Check {
    @Override
    public String name() {
        return "java";
    }

    @Override
    public String look() {
        long heap = Runtime.getRuntime().maxMemory() >> 20;
        return Runtime.version() + ", heap " + heap + " MB, "
                + Runtime.getRuntime().availableProcessors() + " processors";
    }
}
