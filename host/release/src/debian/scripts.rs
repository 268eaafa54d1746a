//! What happens when the package is installed and removed. Nothing is started that is not initialised, and no data is deleted.

/// The scripts, by the names that Debian has for them.
pub(super) const ALL: [(&str, &str); 3] = [("postinst", AFTER), ("prerm", BEFORE_REMOVAL), ("postrm", AFTER_REMOVAL)];

const AFTER: &str = r#"#!/bin/sh
set -e
if [ "$1" = configure ]; then
    systemd-sysusers /usr/lib/sysusers.d/weighbridge.conf
    if [ -d /run/systemd/system ]; then
        systemctl --system daemon-reload
        # A host that serves goes on with the new version; one that stands still is not started.
        systemctl try-restart weighbridge.service
    fi
    if [ ! -e /var/lib/weighbridge/store.redb ]; then
        echo 'Nothing is started yet. Next: see /usr/share/doc/weighbridge/README.Debian, "From the Debian package".'
    fi
fi
exit 0
"#;

const BEFORE_REMOVAL: &str = r#"#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    systemctl stop weighbridge.service
fi
exit 0
"#;

const AFTER_REMOVAL: &str = r#"#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then
    systemctl --system daemon-reload
fi
if [ "$1" = purge ]; then
    for left in /var/lib/weighbridge /etc/weighbridge/master.key; do
        if [ -e "$left" ]; then
            echo "$left stays: without it no backup of this host opens. Delete it by hand, once nobody needs it."
        fi
    done
fi
exit 0
"#;
