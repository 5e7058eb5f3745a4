package org.memcachedsession.servers;

import java.nio.file.Path;
import org.memcachedsession.nodes.Node;
import org.memcachedsession.nodes.NodeSettings;
import org.memcachedsession.nodes.PayaraMicroNode;
import org.memcachedsession.nodes.WildFlyNode;

/** The servers that a node can be. */
public enum ServerKind {
    PAYARA_MICRO {
        @Override
        public Node launch(NodeSettings settings) {
            return PayaraMicroNode.launch(Path.of(System.getProperty("payara.jar")), settings);
        }
    },
    WILDFLY {
        @Override
        public Node launch(NodeSettings settings) {
            return WildFlyNode.launch(Path.of(System.getProperty("wildfly.home")), settings);
        }
    };

    /** Starts the process and returns at once. */
    public abstract Node launch(NodeSettings settings);
}
