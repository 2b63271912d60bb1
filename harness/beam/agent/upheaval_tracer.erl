%% The tracer of a case: it keeps what happened to the workload, each event with
%% a number that gives the logical order.
%%
%% A trace message is stamped with erlang:unique_integer([monotonic]) at the
%% moment at which it happens, by whichever scheduler: sorting by that number
%% gives an order in which no effect comes before its cause.
%%
%% An event is {Number, Nanoseconds, What}.
-module(upheaval_tracer).
-export([patterns/0, clear/0, on_load/3, on_autoload/0, again/3, deployed/3, start/0, watch/2, note/2, workload/1, count/1, events/1, stop/1]).

%% The modules whose functions are traced, apart from those of the scenario.
-define(TRACED, [sys, gen_server, upheaval_client]).

%% Sets the patterns that stay as long as the agent does; the loaded modules' own
%% come with on_load/2. Where this OTP has no such function, nothing would be seen:
%% that is an error.
patterns() ->
    [{module, M} = code:ensure_loaded(M) || M <- [supervisor, upheaval_supervisor, proc_lib, gen, c | ?TRACED]],
    Set = fun({M, F, A}, Body) ->
        case erlang:trace_pattern({M, F, A}, [{'_', [], Body}], [local]) of
            0 -> throw({no_such_function, {M, F, A}});
            _ -> ok
        end
    end,
    try [Set(MFA, Body) || {MFA, Body} <- traced()] of
        _ -> ok
    catch
        throw:Missing -> {error, Missing}
    end.

traced() ->
    [{{sys, do_cmd, 6}, []},
     {{gen_server, handle_msg, '_'}, []},
     {{gen_server, system_code_change, 4}, [{exception_trace}]},
     {{gen_server, call, 2}, [{exception_trace}]},
     {{gen_server, call, 3}, [{exception_trace}]},
     {{upheaval_client, note, 1}, []},
     {{upheaval_supervisor, init, 1}, [{return_trace}]},
     {{erlang, exit, 2}, []}].

%% Takes off what patterns/0 has set, and nothing of anybody else.
clear() ->
    erlang:trace_pattern(on_load, false, [local]),
    [erlang:trace_pattern(MFA, false, [local]) || {MFA, _} <- traced()],
    ok.

%% What is loaded from now on is traced as this version of this module: so a
%% call tells exactly which version it entered. What the callback module of a
%% supervisor returns is traced, too.
on_load(Module, Vsn, Trace) ->
    erlang:trace_pattern(on_load, pattern(Module, Vsn, Trace), [local]).

%% What a call loads from now on, for there is no such module, is the version that is
%% deployed then.
on_autoload() ->
    erlang:trace_pattern(on_load, [{'_', [], [{message, {const, autoloaded}}, {return_trace}]}], [local]).

%% From now on this version is the one that a call loads.
deployed(Tracer, Module, Vsn) ->
    Tracer ! {deployed, Module, Vsn},
    ok.

%% A load that is refused takes the traces off the code that stays.
again(Module, Vsn, Trace) ->
    erlang:trace_pattern({Module, '_', '_'}, pattern(Module, Vsn, Trace), [local]).

pattern(Module, Vsn, calls) -> [{'_', [], [{message, {const, {Module, Vsn}}}]}];
pattern(Module, Vsn, returns) -> [{'_', [], [{message, {const, {Module, Vsn}}}, {return_trace}]}].

start() ->
    spawn(fun() -> loop(#{root => none, events => [], count => 0, processes => [], deployed => #{},
                          modules => #{}, codes => #{}, changes => #{}, taken => #{}}) end).

%% Traces a process, and all that it spawns; it is the harness's own.
watch(Tracer, Root) ->
    Tracer ! {root, Root},
    Flags = [strict_monotonic_timestamp, {tracer, Tracer}],
    erlang:trace(Root, true, [send, procs, call, set_on_spawn | Flags]),
    erlang:trace(whereis(erts_code_purger), true, [call | Flags]),
    ok.

%% Adds an event of the harness.
note(Tracer, What) ->
    Tracer ! {note, What, {erlang:monotonic_time(nanosecond), erlang:unique_integer([monotonic])}},
    ok.

%% The processes of the workload, in the order of their spawning, with their
%% modules.
workload(Tracer) -> ask(Tracer, workload).

%% How many events there are.
count(Tracer) -> ask(Tracer, count).

%% All events, in order.
events(Tracer) -> lists:sort(ask(Tracer, events)).

stop(Tracer) ->
    _ = (catch erlang:trace(whereis(erts_code_purger), false, [call])),
    exit(Tracer, kill).

ask(Tracer, What) ->
    %% What has been traced has arrived before it is asked for.
    Delivered = erlang:trace_delivered(all),
    receive {trace_delivered, all, Delivered} -> ok end,
    Monitor = monitor(process, Tracer),
    Tracer ! {What, self(), Monitor},
    receive
        {Monitor, Answer} ->
            demonitor(Monitor, [flush]),
            Answer;
        {'DOWN', Monitor, _, _, Why} ->
            exit({tracer_down, Why})
    end.

loop(#{count := Count} = State) ->
    receive
        {root, Root} ->
            loop(State#{root := Root});
        {note, What, Stamp} ->
            loop(add(What, Stamp, State));
        {deployed, Module, Vsn} ->
            #{deployed := Deployed} = State,
            loop(State#{deployed := Deployed#{Module => Vsn}});
        {workload, From, Ref} ->
            #{processes := Pids, modules := Modules} = State,
            From ! {Ref, [{Pid, maps:get(Pid, Modules)} || Pid <- lists:reverse(Pids)]},
            loop(State);
        {count, From, Ref} ->
            From ! {Ref, Count},
            loop(State);
        {events, From, Ref} ->
            #{taken := Taken} = State,
            #{events := All} = lists:foldl(fun(Pid, S) -> settle(Pid, none, S) end, State, maps:keys(Taken)),
            From ! {Ref, All},
            loop(State#{events := [], taken := #{}});
        Trace0 ->
            {Trace, State1} = versioned(Trace0, State),
            loop(traced(Trace, settled(Trace, State1)))
    end.

%% A call of what was loaded for whoever called it tells the version by what is deployed.
versioned({trace_ts, Pid, call, {Module, _, _} = MFA, autoloaded, Stamp}, #{deployed := Deployed} = State)
  when is_map_key(Module, Deployed) ->
    #{Module := Vsn} = Deployed,
    {{trace_ts, Pid, call, MFA, {Module, Vsn}, Stamp}, add({autoloaded, Module, Vsn}, Stamp, State)};
versioned(Trace, State) ->
    {Trace, State}.

%% A server takes a message out of its mailbox, and calls back: that call tells in
%% which version. Where it is not seen, the version is not known.
settled({trace_ts, Pid, call, {Module, _, _}, {Module, _} = Code, _}, #{taken := Taken} = State)
  when is_map_key(Pid, Taken) ->
    settle(Pid, Code, State);
settled(Trace, #{taken := Taken} = State) when is_map_key(element(2, Trace), Taken) ->
    settle(element(2, Trace), none, State);
settled(_, State) ->
    State.

settle(Pid, Code, #{taken := Taken} = State) ->
    {{Message, Data, Stamp}, Rest} = maps:take(Pid, Taken),
    received(Pid, Code, Message, Stamp, met(Pid, Code, Data, Stamp, State#{taken := Rest})).

%% A server is called back in another version than before: that version meets the
%% state as it is.
met(Pid, {Module, _} = Code, Data, Stamp, #{codes := Codes} = State) ->
    case Codes of
        #{Pid := {Module, _} = Before} when Before =/= Code ->
            add({met, Pid, Before, Code, Data}, Stamp, State);
        _ ->
            State
    end;
met(_, none, _, _, State) ->
    State.

add(What, {Time, Number}, #{events := Events, count := Count} = State) ->
    State#{events := [{Number, Time, upheaval_plain:plain(What)} | Events], count := Count + 1}.

traced({trace_ts, Pid, spawn, Child, MFA, Stamp}, State) ->
    #{processes := Pids, modules := Modules} = State,
    {Kind, Module} = module_of(MFA),
    add({spawned, Child, parent(Pid, State), Kind, Module}, Stamp,
        State#{processes := [Child | Pids], modules := Modules#{Child => Module}});
%% The harness's own process is no part of the workload.
traced(Trace, #{root := Root} = State) when element(2, Trace) =:= Root ->
    State;
traced({trace_ts, Pid, register, Name, Stamp}, State) ->
    add({registered, Pid, Name}, Stamp, State);
traced({trace_ts, Pid, exit, Reason, Stamp}, State) ->
    add({exited, Pid, Reason}, Stamp, State);
traced({trace_ts, Pid, send, Message, To, Stamp}, State) ->
    sent(Pid, To, Message, Stamp, State);
traced({trace_ts, Pid, send_to_non_existing_process, Message, _, Stamp}, State) ->
    sent(Pid, nobody, Message, Stamp, State);
traced({trace_ts, Pid, call, {sys, do_cmd, [_, suspend | _]}, Stamp}, State) ->
    add({suspended, Pid}, Stamp, State);
traced({trace_ts, Pid, call, {sys, do_cmd, [_, resume | _]}, Stamp}, State) ->
    add({resumed, Pid}, Stamp, State);
traced({trace_ts, Pid, call, {gen_server, handle_msg, Args}, Stamp}, #{taken := Taken} = State) ->
    {Message, Data} = message_and_state(Args),
    State#{taken := Taken#{Pid => {Message, Data, Stamp}}};
traced({trace_ts, Pid, call, {gen_server, system_code_change, [Misc, _, Vsn, _]}, _}, State) ->
    #{changes := Changes} = State,
    State#{changes := Changes#{Pid => {Vsn, lists:nth(2, Misc)}}};
traced({trace_ts, Pid, return_from, {gen_server, system_code_change, 4}, Result, Stamp}, State) ->
    After = case Result of
        {ok, Misc} when is_list(Misc) -> {ok, lists:nth(2, Misc)};
        _ -> failed
    end,
    changed(Pid, After, Stamp, State);
traced({trace_ts, Pid, exception_from, {gen_server, system_code_change, 4}, _, Stamp}, State) ->
    changed(Pid, failed, Stamp, State);
traced({trace_ts, Pid, call, {gen_server, call, [To, Request | _]}, Stamp}, State) ->
    add({calling, Pid, To, Request}, Stamp, State);
traced({trace_ts, Pid, return_from, {gen_server, call, _}, Reply, Stamp}, State) ->
    add({called, Pid, {reply, Reply}}, Stamp, State);
traced({trace_ts, Pid, exception_from, {gen_server, call, _}, {_, Why}, Stamp}, State) ->
    add({called, Pid, {exit, Why}}, Stamp, State);
traced({trace_ts, Pid, return_from, {_, init, 1}, Given, Stamp}, #{modules := Modules} = State) ->
    case Modules of
        #{Pid := supervisor} -> add({supervises, Pid, Given}, Stamp, State);
        _ -> State
    end;
traced({trace_ts, Pid, call, {upheaval_client, note, [What]}, Stamp}, State) ->
    add({client, Pid, What}, Stamp, State);
traced({trace_ts, Purger, call, {erlang, exit, [Pid, kill]}, Stamp}, State) ->
    case whereis(erts_code_purger) of
        Purger -> add({purge_kill, Pid}, Stamp, State);
        _ -> State
    end;
traced({trace_ts, Pid, call, {Module, _, _}, {Module, _} = Code, Stamp}, State) ->
    %% A process may call another module's helpers: only its own says what it runs.
    case State of
        #{modules := #{Pid := Module}} -> entered(Pid, Code, Stamp, State);
        _ -> State
    end;
traced(_, State) ->
    State.

%% The message that gen_server:handle_msg handles, and the server's state: the first
%% and the fourth argument, but for the newest OTP, where the third and the second.
message_and_state([Data, State, Message | _]) when element(1, Data) =:= server_data ->
    {Message, State};
message_and_state([Message, _, _, State | _]) ->
    {Message, State}.

parent(Root, #{root := Root}) -> none;
parent(Pid, _) -> Pid.

entered(Pid, Code, Stamp, #{codes := Codes} = State) ->
    case Codes of
        #{Pid := Code} -> State;
        _ -> add({entered, Pid, Code}, Stamp, State#{codes := Codes#{Pid => Code}})
    end.

received(Pid, Code, {'$gen_call', {_, Tag}, Request}, Stamp, State) ->
    add({received, Pid, Code, call, ref(Tag), Request}, Stamp, State);
received(Pid, Code, {'$gen_cast', Request}, Stamp, State) ->
    add({received, Pid, Code, cast, none, Request}, Stamp, State);
received(Pid, Code, Message, Stamp, State) ->
    add({received, Pid, Code, info, none, Message}, Stamp, State).

changed(Pid, After, Stamp, #{changes := Changes} = State) ->
    case maps:take(Pid, Changes) of
        {{Vsn, Before}, Rest} ->
            add({code_changed, Pid, Vsn, Before, After}, Stamp, State#{changes := Rest});
        error ->
            State
    end.

%% System messages, and the acknowledgements of starts, are no user messages.
sent(_, _, {ack, _, _}, _, State) -> State;
sent(_, _, {nack, _, _}, _, State) -> State;
sent(_, _, {system, _, _}, _, State) -> State;
sent(Pid, To, {'$gen_call', {_, Tag}, Request}, Stamp, State) ->
    add({sent, call, Pid, To, ref(Tag), Request}, Stamp, State);
sent(Pid, To, {'$gen_cast', Request}, Stamp, State) ->
    add({sent, cast, Pid, To, none, Request}, Stamp, State);
sent(Pid, To, {Pid, Ref, Payload} = Message, Stamp, #{modules := Modules} = State)
  when is_reference(Ref) ->
    case Modules of
        #{Pid := upheaval_client} -> add({sent, ask, Pid, To, Ref, Payload}, Stamp, State);
        _ -> add({sent, info, Pid, To, none, Message}, Stamp, State)
    end;
sent(Pid, To, {[_ | Ref], _}, Stamp, State) when is_reference(Ref) ->
    add({replied, Pid, To, Ref, call}, Stamp, State);
sent(Pid, To, {Ref, _} = Message, Stamp, State) when is_reference(Ref) ->
    add({replied, Pid, To, Ref, Message}, Stamp, State);
sent(Pid, To, Message, Stamp, State) ->
    add({sent, info, Pid, To, none, Message}, Stamp, State).

ref([_ | Ref]) -> Ref;
ref(Ref) -> Ref.

%% Whether a process is a gen_server, whose messages are seen as it takes them, a
%% supervisor, with its callback module, or another; and its module.
module_of({proc_lib, init_p, [_, _, gen, init_it, [Behaviour | Args]]}) ->
    %% [Starter, Parent, Name, Module, Arguments, Options], or without a name.
    case {Behaviour, lists:reverse(Args)} of
        {gen_server, [_, {_, Callback, _}, supervisor | _]} -> {{supervisor, Callback}, supervisor};
        {gen_server, [_, _, Module | _]} -> {server, Module};
        {_, [_, _, Module | _]} -> {plain, Module}
    end;
module_of({proc_lib, init_p, [_, _, Module, _, _]}) -> {plain, Module};
module_of({Module, _, _}) -> {plain, Module}.
