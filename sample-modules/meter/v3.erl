%% meter, version 3: a special process that counts what it is asked, and
%% calls it level.
-module(meter).
-vsn("3").
-export([start_link/2, init/3, loop/2, system_continue/3, system_terminate/4,
         system_code_change/4]).

start_link(Name, N) -> proc_lib:start_link(?MODULE, init, [self(), Name, N]).

init(Parent, Name, N) ->
    try register(Name, self()) of
        true ->
            proc_lib:init_ack({ok, self()}),
            ?MODULE:loop(Parent, #{level => N})
    catch
        error:badarg -> proc_lib:init_ack({error, {already_started, whereis(Name)}})
    end.

loop(Parent, #{level := N} = State) ->
    receive
        {system, From, Request} ->
            sys:handle_system_msg(Request, From, Parent, ?MODULE, [], State);
        {From, Tag, More} when is_pid(From), is_reference(Tag), is_integer(More) ->
            From ! {Tag, N + More},
            loop(Parent, State#{level := N + More})
    end.

system_continue(Parent, _, State) -> ?MODULE:loop(Parent, State).

system_terminate(Reason, _, _, _) -> exit(Reason).

system_code_change(#{measured := N}, _, "1", _) -> {ok, #{level => N}};
system_code_change(#{reading := N}, _, "2", _) -> {ok, #{level => N}};
system_code_change(#{level := N}, _, {down, "1"}, _) -> {ok, #{measured => N}};
system_code_change(#{level := N}, _, {down, "2"}, _) -> {ok, #{reading => N}};
system_code_change(_, _, _, _) -> {error, unknown_version}.
