//! The forms that instructions can be written in.

/// The name of each instruction, and its forms.
pub(super) const FORMS: [(&str, &str); 24] = [
    (
        "update",
        "{update,M}, {update,M,supervisor}, {update,M,Change}, {update,M,DepMods}, \
         {update,M,Change,DepMods}, {update,M,Change,PrePurge,PostPurge,DepMods}, \
         {update,M,Timeout,Change,PrePurge,PostPurge,DepMods} and \
         {update,M,ModType,Timeout,Change,PrePurge,PostPurge,DepMods}",
    ),
    (
        "load_module",
        "{load_module,M}, {load_module,M,DepMods} and \
         {load_module,M,PrePurge,PostPurge,DepMods}",
    ),
    ("add_module", "{add_module,M} and {add_module,M,DepMods}"),
    (
        "delete_module",
        "{delete_module,M} and {delete_module,M,DepMods}",
    ),
    (
        "add_application",
        "{add_application,A} and {add_application,A,Type}",
    ),
    ("remove_application", "{remove_application,A}"),
    ("restart_application", "{restart_application,A}"),
    ("restart_new_emulator", "restart_new_emulator"),
    ("restart_emulator", "restart_emulator"),
    ("load_object_code", "{load_object_code,{A,Vsn,[M]}}"),
    ("point_of_no_return", "point_of_no_return"),
    ("load", "{load,{M,PrePurge,PostPurge}}"),
    ("remove", "{remove,{M,PrePurge,PostPurge}}"),
    ("purge", "{purge,[M]}"),
    ("suspend", "{suspend,[M | {M,Timeout}]}"),
    ("resume", "{resume,[M]}"),
    (
        "code_change",
        "{code_change,[{M,Extra}]} and {code_change,up | down,[{M,Extra}]}",
    ),
    ("stop", "{stop,[M]}"),
    ("start", "{start,[M]}"),
    (
        "sync_nodes",
        "{sync_nodes,Id,[Node]} and {sync_nodes,Id,{M,F,Args}}",
    ),
    ("apply", "{apply,{M,F,Args}}"),
    ("restart", "restart"),
    ("reboot", "reboot"),
    ("mnesia_backup", "none that is implemented"),
];
