%% Looking at processes without their noticing, as far as that can be.
-module(upheaval_look).
-export([look/3, glance/2, waits/2, on_loads/0, frozen/0, is_suspended/1, is_idle/1, is_idle_client/1]).

%% How a process is:
%% {Pid, Name, Module, Vsn, State, Queued, Suspended, Blocked, Lingering, Frozen}.
%% Who is frozen answers nothing.
look(Pid, Module, Codes) ->
    Name = case process_info(Pid, registered_name) of
        {registered_name, N} -> N;
        _ -> none
    end,
    {_, Waiting} = info(Pid, message_queue_len),
    At = current(Pid),
    Old = case Codes of
        #{Module := _} -> erlang:check_process_code(Pid, Module);
        _ -> false
    end,
    Vsn = case Codes of
        #{Module := {Current, OldVsn}} -> case Old of true -> OldVsn; _ -> Current end;
        _ -> none
    end,
    Frozen = is_frozen(Pid),
    Suspended = not Frozen andalso is_suspended(Pid, At),
    Idle = not Frozen andalso (Suspended orelse is_idle_server(At)),
    %% A supervisor's state is OTP's own business.
    State = case Idle andalso Module =/= supervisor of
        true -> try {state, sys:get_state(Pid, 5000)} catch _:_ -> none end;
        false -> none
    end,
    Queued = Waiting + case Idle andalso erlang:function_exported(Module, callback_mode, 0) of
        true -> postponed(Pid);
        false -> 0
    end,
    Lingers = Old =:= true orelse lingers_elsewhere(Pid, Module, Codes),
    {Pid, Name, Module, Vsn, State, Queued, Suspended, not Frozen andalso not Idle, Lingers, Frozen}.

%% Whether it is in a fun or a function of another module's old code.
lingers_elsewhere(Pid, Module, Codes) ->
    lists:any(fun(M) -> erlang:check_process_code(Pid, M) =:= true end,
              [M || {M, {_, Old}} <- maps:to_list(Codes), Old =/= none, M =/= Module]).

%% How many events a state machine has postponed.
postponed(Pid) ->
    try sys:get_status(Pid, 5000) of
        {status, _, _, [_, _, _, _, Shown]} ->
            Data = lists:append([Pairs || {data, Pairs} <- Shown]),
            length(proplists:get_value("Postponed", Data, []))
    catch _:_ -> 0
    end.

%% What changes about a process when it does something. Who is frozen does nothing but
%% get messages.
glance(Pid, Frozen) ->
    case process_info(Pid, [status, message_queue_len, current_function]) of
        undefined -> {Pid, gone};
        [{_, suspended}, {_, Queued}, _] = Info ->
            case lists:member(Pid, Frozen) of
                true -> {Pid, {frozen, Queued}};
                false -> {Pid, Info}
            end;
        [_, {_, Queued}, {_, At}] = Info ->
            case Queued > 0 andalso spins(At) of
                true -> {Pid, {spins, Queued}};
                false -> {Pid, Info}
            end
    end.

%% A server that hibernates, is suspended and has a message that it does not take wakes
%% for it again and again (seen on OTP 25): it never waits, and yet does nothing.
spins({erlang, hibernate, _}) -> true;
spins({sys, suspend_loop_hib, _}) -> true;
spins({proc_lib, hibernate, _}) -> true;
spins({proc_lib, wake_up, _}) -> true;
spins(_) -> false.

%% Whether a process does nothing, and has nothing to do that it listens to: its
%% mailbox is empty, or it waits for something else than what lies there. Whoever waits
%% for the code server is having a module loaded, and goes on by itself; unless an on_load
%% function runs for that.
waits({_, gone}, _) -> true;
waits({_, {spins, _}}, _) -> true;
waits({_, {frozen, _}}, _) -> true;
waits({_, [{status, waiting}, _, {current_function, {Module, _, _}}]}, OnLoads) ->
    OnLoads =/= []
        orelse not lists:member(Module, [code_server, code, erl_prim_loader, error_handler]);
waits({_, [{status, waiting}, _, _]}, _) -> true;
waits(_, _) -> false.

%% The processes that run on_load functions: the code server monitors nobody else.
on_loads() ->
    {monitors, Monitors} = process_info(whereis(code_server), monitors),
    [Pid || {process, Pid} <- Monitors].

%% The processes that the calling one has suspended, as erlang:suspend_process/1 does it.
frozen() ->
    {suspending, Frozen} = process_info(self(), suspending),
    [Pid || {Pid, Active, _} <- Frozen, Active > 0].

is_frozen(Pid) -> lists:member(Pid, frozen()).

is_suspended(Pid) -> is_suspended(Pid, current(Pid)).

is_suspended(_, {sys, suspend_loop, _}) -> true;
is_suspended(_, {sys, suspend_loop_hib, _}) -> true;
%% Where a process hibernates it does not show; it is asked.
is_suspended(Pid, {Module, Function, _})
  when Module =:= erlang, Function =:= hibernate; Module =:= proc_lib, Function =:= hibernate;
       Module =:= proc_lib, Function =:= wake_up ->
    try sys:get_status(Pid, 1000) of
        {status, _, _, [_, SysState | _]} -> SysState =:= suspended
    catch _:_ -> false
    end;
is_suspended(_, _) -> false.

%% Whether a server would answer.
is_idle(Pid) -> not is_frozen(Pid) andalso is_idle_server(current(Pid)).

is_idle_server({gen_server, loop, _}) -> true;
%% From OTP 28 on, a process that hibernates shows where it went to.
is_idle_server({gen_server, loop_hibernate, _}) -> true;
is_idle_server({gen_statem, loop_receive, _}) -> true;
is_idle_server({gen_event, fetch_msg, _}) -> true;
is_idle_server({erlang, hibernate, _}) -> true;
is_idle_server(_) -> false.

is_idle_client(Pid) ->
    current(Pid) =:= {upheaval_client, loop, 0} andalso info(Pid, message_queue_len) =:= {message_queue_len, 0}.

current(Pid) -> element(2, info(Pid, current_function)).

info(Pid, Item) ->
    case process_info(Pid, Item) of
        undefined -> {Item, 0};
        Info -> Info
    end.
