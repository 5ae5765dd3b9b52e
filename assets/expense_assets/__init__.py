"""Third-party browser code; in INSTALLED_APPS, so that staticfiles finds `vendor/echarts.js`."""
