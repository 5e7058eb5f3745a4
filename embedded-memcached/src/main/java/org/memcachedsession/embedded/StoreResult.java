package org.memcachedsession.embedded;

/** How a storage command ended; the names are the answers of the text commands. */
enum StoreResult {
    STORED("HD"),
    NOT_STORED("NS"),
    EXISTS("EX"),
    NOT_FOUND("NF");

    private final String metaCode;

    StoreResult(String metaCode) {
        this.metaCode = metaCode;
    }

    String metaCode() {
        return metaCode;
    }
}
