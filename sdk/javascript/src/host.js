// Whom a connector asks: the host's imports in a guest, a script in a unit test.

let current = null;

/** Puts a host in place; gives the one before. */
export function install(host) {
  const before = current;
  current = host;
  return before;
}

export function host() {
  if (current === null) throw new Error("no host here: begin the test with `ScriptedHost.install()`");
  return current;
}
