%% stall, version 1: opens the port, and counts what it sells.
-module(stall).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) ->
    ok = gen_server:call(ports, open),
    {ok, #{sold => 0}}.

%% How much was sold.
handle_call(sell, _, #{sold := Sold}) -> {reply, Sold + 1, #{sold => Sold + 1}}.

handle_cast(never, State) -> {noreply, State}.
