package org.memcachedsession.cdi;

import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.GenericType;
import jakarta.ws.rs.core.Link;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.lang.annotation.Annotation;
import java.net.URI;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** An answer of JAX-RS where no JAX-RS is there: it has a status and nothing else. */
final class StatusOnly extends Response {

    private final int status;

    StatusOnly(int status) {
        this.status = status;
    }

    @Override
    public int getStatus() {
        return status;
    }

    private static UnsupportedOperationException nothingElse() {
        return new UnsupportedOperationException("a status and nothing else");
    }

    @Override
    public StatusType getStatusInfo() {
        throw nothingElse();
    }

    @Override
    public Object getEntity() {
        throw nothingElse();
    }

    @Override
    public <T> T readEntity(Class<T> entityType) {
        throw nothingElse();
    }

    @Override
    public <T> T readEntity(GenericType<T> entityType) {
        throw nothingElse();
    }

    @Override
    public <T> T readEntity(Class<T> entityType, Annotation[] annotations) {
        throw nothingElse();
    }

    @Override
    public <T> T readEntity(GenericType<T> entityType, Annotation[] annotations) {
        throw nothingElse();
    }

    @Override
    public boolean hasEntity() {
        throw nothingElse();
    }

    @Override
    public boolean bufferEntity() {
        throw nothingElse();
    }

    @Override
    public void close() {}

    @Override
    public MediaType getMediaType() {
        throw nothingElse();
    }

    @Override
    public Locale getLanguage() {
        throw nothingElse();
    }

    @Override
    public int getLength() {
        throw nothingElse();
    }

    @Override
    public Set<String> getAllowedMethods() {
        throw nothingElse();
    }

    @Override
    public Map<String, NewCookie> getCookies() {
        throw nothingElse();
    }

    @Override
    public EntityTag getEntityTag() {
        throw nothingElse();
    }

    @Override
    public Date getDate() {
        throw nothingElse();
    }

    @Override
    public Date getLastModified() {
        throw nothingElse();
    }

    @Override
    public URI getLocation() {
        throw nothingElse();
    }

    @Override
    public Set<Link> getLinks() {
        throw nothingElse();
    }

    @Override
    public boolean hasLink(String relation) {
        throw nothingElse();
    }

    @Override
    public Link getLink(String relation) {
        throw nothingElse();
    }

    @Override
    public Link.Builder getLinkBuilder(String relation) {
        throw nothingElse();
    }

    @Override
    public MultivaluedMap<String, Object> getMetadata() {
        throw nothingElse();
    }

    @Override
    public MultivaluedMap<String, String> getStringHeaders() {
        throw nothingElse();
    }

    @Override
    public String getHeaderString(String name) {
        throw nothingElse();
    }
}
