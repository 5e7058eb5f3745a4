package org.memcachedsession.servers.rotation;

import jakarta.annotation.Resource;
import jakarta.ejb.SessionContext;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import org.memcachedsession.RotateSessionId;

/** An enterprise bean: each of its methods is a transaction. */
@Stateless
@RotateSessionId
public class AccountsBean {

    @Inject Visitor visitor;

    @Resource SessionContext context;

    public void commit() {
        visitor.become("Ada");
    }

    public boolean refuse() {
        return false;
    }

    public void setRollbackOnly() {
        context.setRollbackOnly();
    }
}
