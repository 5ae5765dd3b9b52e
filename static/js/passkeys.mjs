// Says so when a passkey was not used: cancelled, unknown to this device, or too late.

document.addEventListener("allauth.error", () => {
  document.getElementById("passkey_failed").hidden = false;
});
