%% deaf, version 1: a plain process that traps exits and listens to none of them. It
%% stops when it is told to, or is killed.
-module(deaf).
-vsn("1").
-export([start_link/2, init/1]).

start_link(Name, _) -> proc_lib:start_link(?MODULE, init, [Name]).

init(Name) ->
    process_flag(trap_exit, true),
    try register(Name, self()) of
        true ->
            proc_lib:init_ack({ok, self()}),
            receive stop -> ok end
    catch
        error:badarg -> proc_lib:init_ack({error, {already_started, whereis(Name)}})
    end.
