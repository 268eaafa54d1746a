//! What grants a folder, and what names a file in it.

use weighbridge_model::folder::{FolderAccess, FolderGrant, FolderGrantError, is_file_name};

#[test]
fn reads_a_grant_and_writes_it_as_it_was() {
    for (text, access) in
        [("inbox:read=/srv/drop/in", FolderAccess::Read), ("out-1:write=/srv/a b/=x:y", FolderAccess::Write)]
    {
        let grant: FolderGrant = text.parse().unwrap();
        assert_eq!((grant.access, grant.to_string().as_str()), (access, text));
    }
}

#[test]
fn refuses_what_does_not_say_which_folder_for_what_and_where() {
    let refused = |text: &str| text.parse::<FolderGrant>().unwrap_err();
    for text in ["", "inbox", "inbox=/srv", "inbox:read", "inbox:all=/srv", "inbox:Read=/srv"] {
        assert_eq!(refused(text), FolderGrantError::Form, "{text}");
    }
    for text in [":read=/srv", "In:read=/srv", "*:read=/srv", "a/b:read=/srv", "..:read=/srv"] {
        assert_eq!(refused(text), FolderGrantError::Name, "{text}");
    }
    for text in
        ["in:read=", "in:read=srv", "in:read=/", "in:read=//", "in:read=/srv/../etc", "in:read=/srv\n", "in:read=./srv"]
    {
        assert_eq!(refused(text), FolderGrantError::Path, "{text}");
    }
}

#[test]
fn a_file_has_a_name_and_no_path() {
    assert!(["orders.csv", "zamówienia 1.csv", "a..b", "-", &"a".repeat(200)].into_iter().all(is_file_name));
    let none = ["", ".", "..", ".part", "a/b", "/a", "a\\b", "a\0", "a\n", &"a".repeat(201)];
    assert!(!none.into_iter().any(is_file_name));
}
