package org.memcachedsession.example;

/**
 * The answer to every action: all that the page shows.
 *
 * @param visitor null when nobody signed in
 */
public record ShopView(String visitor, CartView cart, SessionView session) {}
