// What a page does besides what textual-serve's script does: says where everything is, and why it has ended.
// Must not know what the terminal shows.
"use strict";

const SMALLEST = 6, USUAL = 16, LARGEST = 60; // pixels of a letter, as ?fontsize= asks for
const LOST = 1006; // RFC 6455: without a word
const PATIENCE = 3000; // milliseconds that fonts are waited for

function letters() {
  const wanted = Number.parseInt(new URLSearchParams(location.search).get("fontsize") ?? USUAL, 10);
  return Math.min(Math.max(wanted || USUAL, SMALLEST), LARGEST);
}

// Beside this page, wherever that is: behind a tunnel the port is another, behind a proxy the scheme.
function beside(name) {
  const address = new URL(name, location.href);
  address.search = address.hash = "";
  return address;
}

// Kept while this tab is there: by it the server knows what a page that comes again has left.
function number() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const drawn = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const kept = sessionStorage.getItem("page") ?? drawn;
  sessionStorage.setItem("page", kept);
  return kept;
}

function socketAddress() {
  const address = beside(`ws/${number()}`);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}

window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("open", () => document.querySelector(".xterm-helper-textarea").focus());
    this.addEventListener("close", (event) => {
      document.querySelector("#why").textContent =
        event.reason || (event.code === LOST ? "The server does not answer any more." : "This page has ended.");
      document.querySelector("#again").focus();
    });
  }
};

const open = window.open;
window.open = (address, target) => {
  const { origin, pathname } = new URL(address, location.href);
  if (origin === location.origin && pathname.startsWith("/download/")) {
    const link = document.createElement("a");
    link.href = beside(pathname.slice(1)).href;
    link.download = "";
    link.click();
    return null;
  }
  return open.call(window, address, target, "noopener,noreferrer");
};

const begin = window.onload;
window.onload = async (event) => {
  const terminal = document.querySelector("#terminal");
  terminal.dataset.sessionWebsocketUrl = socketAddress();
  terminal.dataset.fontSize = letters();
  document.querySelector("#again").addEventListener("click", () => location.reload());
  document.querySelector("#anew").addEventListener("click", () => {
    sessionStorage.clear();
    location.reload();
  });
  // A cell is measured once, so the font has to be there.
  const fonts = ["", "bold ", "italic "].map((kind) => document.fonts.load(`${kind}${letters()}px "Roboto Mono"`));
  await Promise.race([Promise.allSettled(fonts), new Promise((done) => setTimeout(done, PATIENCE))]);
  begin(event);
};
