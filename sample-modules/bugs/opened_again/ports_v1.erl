%% ports, version 1: one port, which one process at a time can have open.
-module(ports).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{owner => undefined}}.

handle_call(open, {Pid, _}, #{owner := Owner} = State) ->
    case is_pid(Owner) andalso is_process_alive(Owner) of
        true -> {reply, eaddrinuse, State};
        false -> {reply, ok, #{owner => Pid}}
    end.

handle_cast(never, State) -> {noreply, State}.
