# A host that serves, with somebody of the partner's who has joined.
serving
link=$("${host[@]}" --json staff invite --tenant partner --email ada@example.com --role tenant_admin | sed -n 's/.*"link":"\([^"]*\)".*/\1/p')
"${host[@]}" session join --link "$link" --password "correct horse battery staple"
