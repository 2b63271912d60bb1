%% scale, version 1: a library. Before it is loaded it tries to call itself, waits for
%% till, and has till take a note of how that went.
-module(scale).
-vsn("1").
-export([weigh/1]).
-on_load(prepare/0).

weigh(N) -> {1, N}.

prepare() ->
    Own = try ?MODULE:weigh(0) catch error:What -> What end,
    Open = gen_server:call(till, open),
    gen_server:cast(till, {note, {Own, Open}}).
