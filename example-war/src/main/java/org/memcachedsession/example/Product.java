package org.memcachedsession.example;

/**
 * Something on the shelf.
 *
 * @param cents the price of one
 */
public record Product(String id, String name, String description, long cents) {}
