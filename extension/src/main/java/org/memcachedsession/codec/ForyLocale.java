package org.memcachedsession.codec;

import java.util.Locale;
import org.apache.fory.config.Config;
import org.apache.fory.context.ReadContext;
import org.apache.fory.context.WriteContext;
import org.apache.fory.serializer.Serializer;

/** With script and extensions, which Fory by itself leaves out. */
final class ForyLocale extends Serializer<Locale> {

    ForyLocale(Config config) {
        super(config, Locale.class, false, true);
    }

    @Override
    public void write(WriteContext context, Locale locale) {
        String tag = locale.toLanguageTag();
        if (!Locale.forLanguageTag(tag).equals(locale)) {
            throw new ForyRefusal("the Locale " + locale);
        }
        context.writeString(tag);
    }

    @Override
    public Locale read(ReadContext context) {
        return Locale.forLanguageTag(context.readString());
    }
}
