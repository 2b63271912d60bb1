%% scale, version 1: a library. Before it is loaded it tries to call itself, waits for
%% till, if it is there, and has it take a note of how that went.
-module(scale).
-vsn("1").
-export([weigh/1]).
-on_load(prepare/0).

weigh(N) -> {1, N}.

prepare() ->
    Own = try ?MODULE:weigh(0) catch error:What -> What end,
    Open = try gen_server:call(till, open, 3000) catch exit:_ -> no end,
    gen_server:cast(till, {note, {Own, Open}}).
