%% spare, version 2: a module that is loaded although nobody runs it.
-module(spare).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, spare}.

handle_call(_, _, State) -> {reply, 2, State}.

handle_cast(never, State) -> {noreply, State}.
