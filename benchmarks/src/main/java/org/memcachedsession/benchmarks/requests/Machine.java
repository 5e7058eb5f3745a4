package org.memcachedsession.benchmarks.requests;

import java.nio.file.Path;

/**
 * What servers are started from.
 *
 * @param payaraMicro its jar
 * @param wildFly where it is unpacked
 * @param directory for WARs, logs and working files
 */
record Machine(Path payaraMicro, Path wildFly, Path directory) {}
