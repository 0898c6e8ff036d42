// The name of this tab as a device: it survives a reload, so that the new socket takes the old one's place.
const KEY = "skyeim.device";
let name = null;

function fresh() {
  name = `web-${crypto.randomUUID()}`;
  try {
    sessionStorage.setItem(KEY, name);
  } catch {
    // Without storage a reload is a new device, which is harmless.
  }
  return name;
}

export function deviceName() {
  try {
    name ??= sessionStorage.getItem(KEY);
  } catch {
    // As above.
  }
  return name ?? fresh();
}

/** Another name: this tab was duplicated, and the copy has taken ours. */
export const renameDevice = fresh;
