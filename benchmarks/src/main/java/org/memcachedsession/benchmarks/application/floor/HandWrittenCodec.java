package org.memcachedsession.benchmarks.application.floor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.memcachedsession.benchmarks.application.Item;
import org.memcachedsession.benchmarks.application.Items;

/** What somebody would write who knows the classes. Texts have 32,767 bytes at most. */
final class HandWrittenCodec implements FloorCodec {

    private static final int FIXED_BYTES = Short.BYTES + Long.BYTES + Long.BYTES + Integer.BYTES;

    @Override
    public byte[] write(Items items) {
        List<Item> list = items.list();
        byte[] owner = items.owner().getBytes(UTF_8);
        byte[][] texts = new byte[list.size()][];
        int length = Short.BYTES + owner.length + Integer.BYTES;
        for (int i = 0; i < texts.length; i++) {
            texts[i] = list.get(i).text().getBytes(UTF_8);
            length += FIXED_BYTES + texts[i].length;
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        put(owner, out);
        out.putInt(texts.length);
        for (int i = 0; i < texts.length; i++) {
            Item item = list.get(i);
            put(texts[i], out);
            out.putLong(item.number());
            out.putLong(item.added().getEpochSecond()).putInt(item.added().getNano());
        }
        return out.array();
    }

    @Override
    public Items read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        String owner = text(in);
        int count = in.getInt();
        List<Item> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(
                    new Item(
                            text(in),
                            in.getLong(),
                            Instant.ofEpochSecond(in.getLong(), in.getInt())));
        }
        return new Items(owner, list);
    }

    private static void put(byte[] text, ByteBuffer out) {
        out.putShort((short) text.length).put(text);
    }

    private static String text(ByteBuffer in) {
        int length = in.getShort();
        String text = new String(in.array(), in.position(), length, UTF_8);
        in.position(in.position() + length);
        return text;
    }
}
