// All text goes into the page by textContent, never as markup.

const money = new Intl.NumberFormat("en", { style: "currency", currency: "EUR" });
const JOURNAL_LENGTH = 30;

const ORIGINS = {
  NONE_SENT: "came without a session",
  LOADED: "found its session",
  UNKNOWN: "found no session under its cookie: it has ended, or memcached has forgotten it",
  EXPIRED: "came with the cookie of a session that was too old",
  UNREADABLE: "found something under its cookie that is no session of this shop",
  UNAVAILABLE: "could not ask for its session: memcached did not answer",
  CREATED: "began a session",
  ENDED: "ended its session",
};

const byId = (id) => document.getElementById(id);

let shownAt = 0;
let shownSession = null;

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** The node's name, in a colour of its own. */
function nodeName(name) {
  const shown = element("strong", { className: "node", textContent: name });
  let hue = 7;
  for (const char of name) {
    hue = (hue * 47 + char.codePointAt(0) * 61) % 360;
  }
  shown.style.setProperty("--hue", hue);
  return shown;
}

async function ask(path, options = {}) {
  const response = await fetch(`api/${path}`, options).catch(() => {
    throw new Error("This node does not answer. Try another one.");
  });
  const node = response.headers.get("Shop-Node");
  if (node) {
    byId("node").replaceChildren(nodeName(node));
  }
  const body = await response.json().catch(() => null);
  if (!response.ok || body === null) {
    throw Object.assign(new Error(body?.error ?? excuse(response.status)), { node });
  }
  return { body, node };
}

function excuse(status) {
  return status === 503
    ? "The shop cannot find your cart just now. Try again soon."
    : `The shop answered with status ${status}.`;
}

function sending(method, body) {
  return body === undefined
    ? { method }
    : { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

// one after the other: an older answer must not be shown over a newer one
let queue = Promise.resolve();

/** Whether the shop did it comes with the promise. */
function act(what, path, options) {
  queue = queue.then(async () => {
    try {
      const { body, node } = await ask(path, options);
      byId("problem").hidden = true;
      show(body);
      note(what, node);
      return true;
    } catch (problem) {
      complain(problem.message);
      note(`${what}: failed`, problem.node);
      await refresh();
      return false;
    }
  });
  return queue;
}

/** What is shown may be what was typed, not what is so. */
async function refresh() {
  try {
    show((await ask("session")).body);
  } catch (problem) {
    complain(problem.message);
  }
}

function complain(message) {
  byId("problem").textContent = message;
  byId("problem").hidden = false;
}

function note(what, node) {
  const now = new Date();
  const entry = element("li", {},
      element("time", { dateTime: now.toISOString(), textContent: now.toLocaleTimeString("en-GB") }),
      what);
  if (node) {
    entry.append(" · ", nodeName(node));
  }
  byId("journal").prepend(entry);
  while (byId("journal").children.length > JOURNAL_LENGTH) {
    byId("journal").lastChild.remove();
  }
}

function showShelf(products) {
  byId("shelf").replaceChildren(...products.map((product) => {
    const buy = element("button", { textContent: "Add to cart" });
    buy.setAttribute("aria-label", `Add ${product.name} to cart`);
    buy.addEventListener("click",
        () => act(`Added ${product.name}`, `cart/${encodeURIComponent(product.id)}`, sending("POST")));
    const cup = element("div", { className: "cup" });
    cup.dataset.product = product.id;
    return element("li", {},
        cup,
        element("div", {},
            element("h3", { textContent: product.name }),
            element("p", { textContent: product.description })),
        element("div", { className: "buy" },
            element("span", { textContent: money.format(product.cents / 100) }),
            buy));
  }));
}

function cartLine(line) {
  const path = `cart/${encodeURIComponent(line.product)}`;
  const quantity = element("input",
      { type: "number", min: 0, max: 99, step: 1, value: line.quantity, id: `quantity-${line.product}` });
  quantity.setAttribute("aria-label", `Quantity of ${line.name}`);
  quantity.addEventListener("change", () => act(
      `${line.name}: quantity ${quantity.value || "none"}`, path,
      sending("PUT", { quantity: quantity.value === "" ? null : Number(quantity.value) })));
  const remove = element("button",
      { className: "link remove", textContent: "Remove", id: `remove-${line.product}` });
  remove.setAttribute("aria-label", `Remove ${line.name}`);
  remove.addEventListener("click", () => act(`Removed ${line.name}`, path, sending("DELETE")));
  return element("li", {},
      element("span", { className: "name" }, line.name,
          element("small", { textContent: `${money.format(line.cents / 100)} each` })),
      quantity,
      element("span", { className: "sum", textContent: money.format(line.totalCents / 100) }),
      remove);
}

function show(shop) {
  const focused = document.activeElement?.id;

  byId("cart").replaceChildren(...shop.cart.lines.map(cartLine));
  byId("cart-empty").hidden = shop.cart.count > 0;
  byId("total-line").hidden = shop.cart.count === 0;
  byId("to-cart").textContent = `Cart: ${shop.cart.count}`;
  byId("total").textContent = money.format(shop.cart.totalCents / 100);

  byId("sign-in").hidden = Boolean(shop.visitor);
  byId("greeting").hidden = !shop.visitor;
  byId("visitor").textContent = shop.visitor ?? "";
  byId("end").hidden = !shop.session.exists;

  byId("session").hidden = !shop.session.exists;
  byId("no-session").hidden = shop.session.exists;
  byId("fingerprint").textContent = shop.session.fingerprint ?? "";
  byId("origin").textContent = ORIGINS[shop.session.origin] ?? shop.session.origin;
  shownSession = shop.session;
  shownAt = performance.now();
  showTimes();

  keepFocus(focused);
}

/** The element that had the focus was made anew, or is gone: then a heading near by gets it. */
function keepFocus(id) {
  if (!id) {
    return;
  }
  const again = byId(id);
  if (again && again.offsetParent !== null) {
    again.focus();
  } else {
    byId(id === "name" || id === "end" ? "visitor-title" : "cart-title").focus();
  }
}

function showTimes() {
  if (shownSession?.exists) {
    const passed = Math.floor((performance.now() - shownAt) / 1000);
    byId("age").textContent = duration(shownSession.ageSeconds + passed);
    byId("left").textContent = duration(Math.max(0, shownSession.secondsLeft - passed));
  }
}

function duration(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const parts = [];
  if (hours > 0) {
    parts.push(`${hours} h`);
  }
  if (hours > 0 || minutes > 0) {
    parts.push(`${minutes} min`);
  }
  parts.push(`${seconds % 60} s`);
  return parts.join(" ");
}

/** Cookies know no ports: the same session is there on the other node of this host. */
function showOtherNodes(ports) {
  byId("others").replaceChildren(...ports
      .filter((port) => String(port) !== location.port)
      .map((port) => {
        const there = new URL(location.href);
        there.port = port;
        return element("a", { href: there.href, textContent: `Continue on the node at port ${port}` });
      }));
}

byId("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = byId("name").value;
  if (await act("Signed in", "session/visitor", sending("PUT", { name }))) {
    byId("name").value = "";
    await act("Looked at the new id", "session");
  }
});
byId("end").addEventListener("click", () => act("Ended the session", "session", sending("DELETE")));

setInterval(showTimes, 1000);

// also when the browser goes back to a page it kept: another node may have changed the cart
window.addEventListener("pageshow", () => act("Looked at the shop", "session"));

try {
  showOtherNodes((await ask("node")).body.ports);
  showShelf((await ask("products")).body);
} catch (problem) {
  // not as a complaint, which goes with the next thing that works
  byId("shelf").replaceChildren(element("li", { textContent: problem.message }));
}
