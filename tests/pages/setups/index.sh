# A host that is made, as the page takes for granted.
unpacked
short_names
"$PWD/weighbridge" --data "$DATA" --config "$CONFIG" init
