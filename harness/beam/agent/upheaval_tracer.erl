%% The tracer of a case: it keeps what happened to the workload, each event with
%% a number that gives the logical order.
%%
%% A trace message is stamped with erlang:unique_integer([monotonic]) at the
%% moment at which it happens, by whichever scheduler: sorting by that number
%% gives an order in which no effect comes before its cause.
%%
%% An event is {Number, Nanoseconds, What}.
-module(upheaval_tracer).
-export([names/2, patterns/0, clear/0, on_load/1, on_load/2, on_autoload/0, again/2, deployed/3, start/0, watch/2, note/2, workload/1, begun/1, count/1, is_full/1, events/1, stop/1]).
-export([watch_handler/2, moving_code/1, moved_code/1, books/1, books/3, is_restarting/1, let_go/1, hold/1, trace_children/0, trace_no_children/0]).

%% The modules whose functions are traced, apart from those of the scenario.
-define(TRACED, [sys, gen_server, gen_statem, gen_event, upheaval_client]).

%% Of whoever does so many things nothing more is kept, and it is traced no longer: what there
%% is to tell of a process that goes on for ever would outgrow every message, and the node.
-define(MOST_EVENTS, 100000).

%% What is loaded in a case is the scenario's, or the node's own.
-define(IS_OF_SCENARIO(Module, Code, State),
        (is_map_key(Module, map_get(deployed, State)) orelse is_map_key(Module, map_get(versions, State))
         orelse (is_map(Code) andalso is_map_key(Module, Code)))).

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
    [{{sys, do_cmd, 6}, [{exception_trace}]},
     {{gen_statem, loop_event, '_'}, []},
     {{gen_statem, loop_state_transition, '_'}, []},
     {{gen_event, handle_msg, '_'}, []},
     {{gen_server, handle_msg, '_'}, []},
     {{gen_server, call, 2}, [{exception_trace}]},
     {{gen_server, call, 3}, [{exception_trace}]},
     {{upheaval_client, note, 1}, []},
     {{upheaval_supervisor, init, 1}, [{return_trace}]},
     {{erlang, exit, 2}, []}] ++
    %% What is begun is no event, but kept aside.
    [{{erlang, F, A}, [{return_trace}]} || F <- [start_timer, send_after], A <- [3, 4]] ++
    %% Calls monitor, too, each for itself.
    [{{erlang, monitor, A}, [{message, {'=/=', {caller}, {const, {gen, do_call, 4}}}}]} || A <- [2, 3]].

%% Takes off what patterns/0 has set, and nothing of anybody else.
clear() ->
    erlang:trace_pattern(on_load, false, [local]),
    [erlang:trace_pattern(MFA, false, [local]) || {MFA, _} <- traced()],
    ok.

%% What is loaded from now on is traced as this version of this module: so a
%% call tells exactly which version it entered.
on_load(Module, Vsn) -> on_load({Module, Vsn}).

%% The same, for whichever of some modules is loaded, given as a map of their versions.
on_load(What) ->
    erlang:trace_pattern(on_load, pattern(What), [local]).

%% What a call loads from now on, for there is no such module, is the version that is
%% deployed then.
on_autoload() -> on_load(autoloaded).

%% From now on this version is the one that a call loads.
deployed(Tracer, Module, Vsn) ->
    Tracer ! {deployed, Module, Vsn},
    ok.

%% A load that is refused takes the traces off the code that stays.
again(Module, Vsn) ->
    erlang:trace_pattern({Module, '_', '_'}, pattern({Module, Vsn}), [local]).

%% What the callback module of a supervisor returns to it is traced, too. Nothing else is:
%% what is traced to its return is no tail call any more, and a loop would never leave the
%% code that it was begun in.
pattern(What) ->
    By = fun(F, A) -> {'=:=', {caller}, {const, {supervisor, F, A}}} end,
    Returns = {'andalso', {'orelse', By(init, 1), By(code_change, 3)}, {return_trace}},
    [{'_', [], [{message, {const, What}}, Returns]}].

start() ->
    %% What is traced comes faster than it is kept: a heap that holds it all is slow to clean.
    Start = fun() -> loop(#{roots => #{}, events => [], count => 0, cut => none, processes => [], deployed => #{},
                          names => #{}, modules => #{}, codes => #{}, changes => #{}, taken => #{},
                          handler => none, versions => #{}, books => #{}, doing => none,
                          restarting => false, held => none, tops => #{}, telling => false,
                          begun => upheaval_begun:new(), told => #{}, plain => #{}}) end,
    spawn_opt(Start, [{message_queue_data, off_heap}]).

%% Traces a process, and all that it spawns; it is the harness's own.
watch(Tracer, Root) ->
    Tracer ! {root, Root},
    erlang:trace(Root, true, all_flags(Tracer)),
    erlang:trace(whereis(erts_code_purger), true, call_flags(Tracer)),
    ok.

call_flags(Tracer) -> [call, strict_monotonic_timestamp, {tracer, Tracer}].

all_flags(Tracer) -> [send, procs, set_on_spawn | call_flags(Tracer)].

%% Traces what the release handler does to code, to children and to applications, which
%% are given with the tops of their trees, and whether it restarts the node. The
%% tracer takes a name, by which applications that are started find it.
watch_handler(Tracer, Applications) ->
    register(?MODULE, Tracer),
    Handler = whereis(release_handler),
    Tracer ! {tops, maps:from_list(Applications)},
    Tracer ! {handler, Handler},
    [begin
         {module, M} = code:ensure_loaded(M),
         1 = erlang:trace_pattern({M, F, A}, [{'_', [], [{return_trace}]}], [local])
     end || {M, F, A} <- [{code, load_binary, 3}, {code, purge, 1}, {code, soft_purge, 1},
                          {code, delete, 1}, {init, restart, 0}, {init, reboot, 0}, {application, stop, 1}]],
    erlang:trace(Handler, true, call_flags(Tracer)),
    ok.

%% The calling process moves code as the release handler does, until it is told no more.
moving_code(Tracer) ->
    Tracer ! {handler, self()},
    _ = count(Tracer),
    erlang:trace(self(), true, call_flags(Tracer)),
    ok.

moved_code(Tracer) ->
    erlang:trace(self(), false, [all]),
    _ = count(Tracer),
    Tracer ! {handler, whereis(release_handler)},
    ok.

%% What the release handler loads from now on is of these versions; and the books of
%% what is current and what is old now.
books(Tracer, Versions, Codes) -> Tracer ! {books, Versions, Codes}, ok.

%% The books by now.
books(Tracer) -> ask(Tracer, books).

%% How the release handler has told the node to start anew: restart, or reboot; or false.
is_restarting(Tracer) -> ask(Tracer, is_restarting).

%% Everything is fetched: the node may restart.
let_go(Tracer) -> Tracer ! let_go, ok.

%% Waits, if the release handler has told the node to restart, until it may.
hold(Ms) ->
    case whereis(?MODULE) of
        undefined -> ok;
        Tracer ->
            delivered(),
            Monitor = monitor(process, Tracer),
            Tracer ! {hold, self(), Monitor},
            receive
                {Monitor, ok} -> ok;
                {'DOWN', Monitor, _, _, _} -> ok
            after Ms -> ok
            end
    end.

%% Traces what the calling process spawns; it is itself no part of the workload.
trace_children() ->
    case whereis(?MODULE) of
        undefined -> ok;
        Tracer ->
            Tracer ! {root, self()},
            %% By the time of the answer it knows.
            _ = ask(Tracer, count),
            erlang:trace(self(), true, all_flags(Tracer)),
            ok
    end.

trace_no_children() ->
    erlang:trace(self(), false, [all]),
    ok.

%% What a case starts, by name: an event manager runs no module of its own, so its
%% module is the one that it was started by.
names(Tracer, Starts) ->
    Tracer ! {names, maps:from_list(started(Starts))},
    ok.

started({Name, {process, Module, _}}) -> [{Name, Module}];
started({Module, start_link, [Name, _]}) -> [{Name, Module}];
started(Tuple) when is_tuple(Tuple) -> started(tuple_to_list(Tuple));
started(Map) when is_map(Map) -> started(maps:values(Map));
started([Head | Tail]) -> started(Head) ++ started(Tail);
started(_) -> [].

%% Adds an event of the harness.
note(Tracer, What) ->
    Tracer ! {note, What, {erlang:monotonic_time(nanosecond), erlang:unique_integer([monotonic])}},
    ok.

%% The processes of the workload, in the order of their spawning, with their
%% modules.
workload(Tracer) -> ask(Tracer, workload).

%% Which timers and monitors the servers of the workload have begun, as
%% upheaval_begun:by_servers/2 gives them.
begun(Tracer) -> ask(Tracer, begun).

%% How many events there are.
count(Tracer) -> ask(Tracer, count).

%% Whether so much has happened that no more is kept.
is_full(Tracer) -> ask(Tracer, is_full).

%% All events, in order; of a tracer that is full, those before the first that it left out.
events(Tracer) ->
    case ask(Tracer, events) of
        {Events, none} -> lists:sort(Events);
        {Events, Cut} -> lists:sort([Event || Event <- Events, element(1, Event) < Cut])
    end.

stop(Tracer) ->
    _ = (catch erlang:trace(whereis(erts_code_purger), false, [call])),
    exit(Tracer, kill).

ask(Tracer, What) ->
    delivered(),
    Monitor = monitor(process, Tracer),
    Tracer ! {What, self(), Monitor},
    receive
        {Monitor, Answer} ->
            demonitor(Monitor, [flush]),
            Answer;
        {'DOWN', Monitor, _, _, Why} ->
            exit({tracer_down, Why})
    end.

%% What has been traced has arrived before it is asked for.
delivered() ->
    Delivered = erlang:trace_delivered(all),
    receive {trace_delivered, all, Delivered} -> ok end.

loop(#{count := Count, handler := Handler} = State) ->
    receive
        {root, Root} ->
            #{roots := Roots} = State,
            loop(State#{roots := Roots#{Root => true}});
        {handler, Pid} ->
            loop(State#{handler := Pid});
        {tops, Tops} ->
            loop(State#{tops := Tops});
        {books, Versions, Books} when is_map(Versions) ->
            loop(State#{versions := Versions, books := Books});
        {books, From, Ref} when is_reference(Ref) ->
            #{books := Books} = State,
            From ! {Ref, Books},
            loop(State);
        {is_restarting, From, Ref} ->
            #{restarting := Restarting} = State,
            From ! {Ref, Restarting},
            loop(State);
        {hold, From, Ref} ->
            loop(held(State#{held := {From, Ref}}));
        let_go ->
            loop(held(State#{restarting := false}));
        {note, What, Stamp} ->
            loop(add(What, Stamp, State));
        {names, Names} ->
            loop(State#{names := Names});
        {deployed, Module, Vsn} ->
            #{deployed := Deployed} = State,
            loop(State#{deployed := Deployed#{Module => Vsn}});
        {workload, From, Ref} ->
            #{processes := Pids, modules := Modules} = State,
            From ! {Ref, [{Pid, maps:get(Pid, Modules)} || Pid <- lists:reverse(Pids)]},
            loop(State);
        {begun, From, Ref} ->
            #{begun := Begun, plain := Plain} = State,
            From ! {Ref, upheaval_begun:by_servers(Plain, Begun)},
            loop(State);
        {count, From, Ref} ->
            From ! {Ref, Count},
            loop(State);
        {is_full, From, Ref} ->
            From ! {Ref, is_full_of(State)},
            loop(State);
        {events, From, Ref} ->
            #{taken := Taken} = State,
            #{events := All, cut := Cut} = lists:foldl(fun(Pid, S) -> settle(Pid, none, S) end, State, maps:keys(Taken)),
            From ! {Ref, {All, Cut}},
            loop(State#{events := [], taken := #{}});
        {trace_ts, Pid, call, {erlang, F, Args}, _} when F =/= exit ->
            #{begun := Begun} = State,
            loop(State#{begun := upheaval_begun:calls(Pid, F, Args, occasion(Pid, State), Begun)});
        {trace_ts, Pid, return_from, {erlang, _, _}, Ref, _} ->
            #{begun := Begun} = State,
            loop(State#{begun := upheaval_begun:returns(Pid, Ref, Begun)});
        Trace when Count =:= ?MOST_EVENTS, element(1, Trace) =:= trace_ts ->
            {_, Number} = element(tuple_size(Trace), Trace),
            loop(cut(Number, State));
        {trace_ts, _, call, {Module, _, _}, Code, _} when not ?IS_OF_SCENARIO(Module, Code, State) ->
            %% The node has first needed it while patterns were set on what is loaded.
            erlang:trace_pattern({Module, '_', '_'}, false, [local]),
            loop(State);
        Trace when element(2, Trace) =:= Handler ->
            loop(handled(Trace, State));
        Trace0 ->
            {Trace, State1} = versioned(Trace0, State),
            loop(traced(Trace, settled(Trace, State1)))
    end.

%% A call of what was loaded for whoever called it tells the version by what is deployed,
%% or by the release.
versioned({trace_ts, Pid, call, {Module, _, _} = MFA, autoloaded, Stamp}, #{deployed := Deployed} = State)
  when is_map_key(Module, Deployed) ->
    #{Module := Vsn} = Deployed,
    {{trace_ts, Pid, call, MFA, {Module, Vsn}, Stamp}, add({autoloaded, Module, Vsn}, Stamp, State)};
versioned({trace_ts, Pid, call, {Module, _, _} = MFA, Versions, Stamp}, State)
  when is_map_key(Module, Versions) ->
    #{Module := Vsn} = Versions,
    {{trace_ts, Pid, call, MFA, {Module, Vsn}, Stamp}, known(Module, Vsn, Stamp, State)};
versioned(Trace, State) ->
    {Trace, State}.

%% A release's module that is called and that nobody loads was loaded for that.
known(Module, Vsn, Stamp, #{doing := Doing} = State) when Doing =/= Module ->
    case book(Module, State) of
        {none, Old} -> add({autoloaded, Module, Vsn}, Stamp, book(Module, {Vsn, Old}, State));
        _ -> State
    end;
known(_, _, _, State) ->
    State.

held(#{held := {From, Ref}, restarting := false} = State) ->
    From ! {Ref, ok},
    State#{held := none};
held(State) ->
    State.

%% What the release handler does. A load of it that fails, fails what it is a part of.
handled({trace_ts, _, call, {init, How, []}, _}, State) ->
    State#{restarting := How};
handled({trace_ts, _, call, {code, load_binary, [Module, _, _]}, Stamp}, #{versions := Versions} = State)
  when is_map_key(Module, Versions) ->
    {_, Old} = book(Module, State),
    add({loads, Module, maps:get(Module, Versions), Old}, Stamp, State#{doing := Module});
handled({trace_ts, _, call, {code, F, [Module]}, _}, #{versions := Versions} = State)
  when F =/= load_binary, is_map_key(Module, Versions) ->
    State#{doing := Module};
handled({trace_ts, _, return_from, {code, F, _}, Result, Stamp}, #{doing := Module} = State)
  when Module =/= none ->
    done(F, Module, Result, book(Module, State), Stamp, State#{doing := none});
%% A supervisor that ends with its application was told to.
handled({trace_ts, _, call, {application, stop, [App]}, Stamp}, #{tops := Tops} = State) ->
    case Tops of
        #{App := Top} -> add({interfered, Top}, Stamp, State);
        _ -> State
    end;
handled({trace_ts, _, call, {gen_server, call, [To, {What, _} = Request | _]}, Stamp}, State)
  when What =:= terminate_child; What =:= restart_child; What =:= delete_child ->
    add({telling, To, Request}, Stamp, State#{telling := true});
handled({trace_ts, _, return_from, {gen_server, call, _}, Reply, Stamp}, #{telling := true} = State) ->
    add({told, {reply, Reply}}, Stamp, State#{telling := false});
handled({trace_ts, _, exception_from, {gen_server, call, _}, {_, {Why, _}}, Stamp}, #{telling := true} = State) ->
    add({told, {exit, Why}}, Stamp, State#{telling := false});
handled(_, State) ->
    State.

done(load_binary, Module, {module, Module} = Result, {Current, _}, Stamp, #{versions := Versions} = State) ->
    Vsn = maps:get(Module, Versions),
    add({loaded, Module, Vsn, Result, Current =/= none, false}, Stamp, book(Module, {Vsn, Current}, State));
done(load_binary, Module, Result, {Current, Old}, Stamp, #{versions := Versions} = State) ->
    Left = case erlang:check_old_code(Module) of true -> Old; false -> none end,
    add({loaded, Module, maps:get(Module, Versions), Result, Left =/= none, false}, Stamp,
        book(Module, {Current, Left}, State));
done(delete, Module, true, {Current, _}, Stamp, State) when Current =/= none ->
    add({deleted, Module, Current}, Stamp, book(Module, {none, Current}, State));
done(soft_purge, _, false, _, _, State) ->
    State;
done(F, Module, _, {Current, Old}, Stamp, State) when F =/= delete, Old =/= none ->
    add({purged, Module, Old}, Stamp, book(Module, {Current, none}, State));
done(_, _, _, _, _, State) ->
    State.

book(Module, #{books := Books}) -> maps:get(Module, Books, {none, none}).

book(Module, Code, #{books := Books} = State) -> State#{books := Books#{Module => Code}}.

%% A server takes a message out of its mailbox, and calls back: that call tells in
%% which version, and it happens then: code may have been loaded in between. Where it is
%% not seen, the version is not known.
settled({trace_ts, Pid, call, {Module, _, _}, {Module, _} = Code, Stamp}, #{taken := Taken} = State)
  when is_map_key(Pid, Taken) ->
    #{Pid := {Message, Data, _}} = Taken,
    settle(Pid, Code, State#{taken := Taken#{Pid := {Message, Data, Stamp}}});
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

add(_, {_, Number}, #{count := ?MOST_EVENTS} = State) ->
    cut(Number, State);
add(What, {Time, Number}, #{events := Events, count := Count} = State) ->
    case Count + 1 of
        ?MOST_EVENTS -> erlang:trace(all, false, [all]);
        _ -> ok
    end,
    State#{events := [{Number, Time, upheaval_plain:plain(What)} | Events], count := Count + 1}.

%% What is left out is not seen in the order in which it happened.
cut(Number, #{cut := Cut} = State) -> State#{cut := min(Number, Cut)}.

is_full_of(#{count := Count}) -> Count =:= ?MOST_EVENTS.

traced({trace_ts, Pid, spawn, Child, MFA, Stamp}, State) ->
    #{processes := Pids, modules := Modules, names := Names, plain := Plain} = State,
    {Kind, Module} = module_of(MFA, Names),
    Plains = case Kind of plain -> Plain#{Child => true}; _ -> Plain end,
    add({spawned, Child, parent(Pid, State), Kind, Module}, Stamp,
        State#{processes := [Child | Pids], modules := Modules#{Child => Module}, plain := Plains});
%% The harness's own process is no part of the workload.
traced(Trace, #{roots := Roots} = State) when is_map_key(element(2, Trace), Roots) ->
    State;
traced({trace_ts, Pid, register, Name, Stamp}, State) ->
    add({registered, Pid, Name}, Stamp, State);
traced({trace_ts, Pid, unregister, Name, Stamp}, State) ->
    add({unregistered, Pid, Name}, Stamp, State);
traced({trace_ts, Pid, exit, Reason, Stamp}, #{begun := Begun} = State) ->
    add({exited, Pid, Reason}, Stamp, State#{begun := upheaval_begun:forget(Pid, Begun)});
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
    told(Pid, Message, State#{taken := Taken#{Pid => {Message, Data, Stamp}}});
traced({trace_ts, Pid, call, {gen_event, handle_msg, [Message, _, _, Handlers | _]}, Stamp}, State) ->
    #{taken := Taken} = State,
    told(Pid, Message, State#{taken := Taken#{Pid => {{event, Message}, handlers(Handlers), Stamp}}});
traced({trace_ts, Pid, call, {gen_statem, loop_event, [_, _, Machine, Event | _]}, Stamp}, State) ->
    #{taken := Taken} = State,
    Message = happened(Event),
    told(Pid, Message, State#{taken := Taken#{Pid => {Message, element(2, Machine), Stamp}}});
traced({trace_ts, Pid, call, {gen_statem, loop_state_transition, Args}, Stamp}, State) ->
    case {lists:last(Args), lists:nth(4, Args)} of
        {true, [Event | _]} -> postponed(Pid, happened(Event), Stamp, State);
        _ -> State
    end;
traced({trace_ts, Pid, call, {sys, do_cmd, [suspended, {change_code, Module, Vsn, _}, _, Mod, _, Misc]}, _},
       #{changes := Changes} = State) ->
    case Mod of
        %% Where no handler is the module's, nothing is changed.
        gen_event -> case lists:keymember(Module, 2, lists:nth(2, Misc)) of
                         true -> State#{changes := Changes#{Pid => {Vsn, Mod, Misc}}};
                         false -> State
                     end;
        _ -> State#{changes := Changes#{Pid => {Vsn, Mod, Misc}}}
    end;
traced({trace_ts, Pid, return_from, {sys, do_cmd, 6}, {_, ok, _, Misc}, Stamp}, State) ->
    changed(Pid, {ok, Misc}, Stamp, State);
traced({trace_ts, Pid, return_from, {sys, do_cmd, 6}, _, Stamp}, State) ->
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

%% What a server is called back for, as far as it may be a message of its own.
told(Pid, Message, #{told := Told} = State) ->
    What = case Message of
        {'$gen_call', _, _} -> other;
        {'$gen_cast', _} -> other;
        none -> other;
        {timeout, _, Content} -> {info, Content};
        _ -> {info, Message}
    end,
    State#{told := Told#{Pid => What}}.

%% On which occasion a process does something.
occasion(Pid, #{changes := Changes}) when is_map_key(Pid, Changes) -> changes;
occasion(Pid, #{told := Told}) -> maps:get(Pid, Told, starts).

%% The message that gen_server:handle_msg handles, and the server's state: the first
%% and the fourth argument, but for the newest OTP, where the third and the second.
message_and_state([Data, State, Message | _]) when element(1, Data) =:= server_data ->
    {Message, State};
message_and_state([Message, _, _, State | _]) ->
    {Message, State}.

parent(Root, #{roots := Roots}) when is_map_key(Root, Roots) -> none;
parent(Pid, _) -> Pid.

entered(Pid, Code, Stamp, #{codes := Codes} = State) ->
    case Codes of
        #{Pid := Code} -> State;
        _ -> add({entered, Pid, Code}, Stamp, State#{codes := Codes#{Pid => Code}})
    end.

%% A timer's event, or one of the machine's own.
received(_, _, none, _, State) ->
    State;
received(Pid, Code, {event, {notify, Event}}, Stamp, State) ->
    add({received, Pid, Code, notify, none, Event}, Stamp, State);
received(Pid, Code, {event, {From, {From, Tag}, Request}}, Stamp, State) when is_pid(From) ->
    add({received, Pid, Code, manage, ref(Tag), Request}, Stamp, State);
received(Pid, Code, {event, Message}, Stamp, State) ->
    add({received, Pid, Code, info, none, Message}, Stamp, State);
received(Pid, Code, {'$gen_call', {_, Tag}, Request}, Stamp, State) ->
    add({received, Pid, Code, call, ref(Tag), Request}, Stamp, State);
received(Pid, Code, {'$gen_cast', Request}, Stamp, State) ->
    add({received, Pid, Code, cast, none, Request}, Stamp, State);
received(Pid, Code, Message, Stamp, State) ->
    add({received, Pid, Code, info, none, Message}, Stamp, State).

postponed(_, none, _, State) ->
    State;
postponed(Pid, {'$gen_call', {_, Tag}, Request}, Stamp, State) ->
    add({postponed, Pid, call, ref(Tag), Request}, Stamp, State);
postponed(Pid, {'$gen_cast', Request}, Stamp, State) ->
    add({postponed, Pid, cast, none, Request}, Stamp, State);
postponed(Pid, Message, Stamp, State) ->
    add({postponed, Pid, info, none, Message}, Stamp, State).

changed(Pid, After, Stamp, #{changes := Changes} = State) ->
    case maps:take(Pid, Changes) of
        {{Vsn, Mod, Before}, Rest} ->
            Result = case After of
                {ok, Misc} -> {ok, state_of(Mod, Misc)};
                failed -> failed
            end,
            add({code_changed, Pid, Vsn, state_of(Mod, Before), Result}, Stamp, State#{changes := Rest});
        error ->
            State
    end.

%% The state in what a behaviour gives to sys; a special process gives its state.
state_of(gen_server, Misc) -> lists:nth(2, Misc);
state_of(gen_statem, {_, Machine}) -> element(2, Machine);
state_of(gen_event, Misc) -> handlers(lists:nth(2, Misc));
state_of(_, Misc) -> Misc.

%% [{Module, Id, State}], out of the records of gen_event.
handlers(Handlers) ->
    [{element(2, H), element(3, H), element(4, H)} || H <- Handlers].

%% An event of a machine as the message that it was; none where it was none.
happened({{call, From}, Request}) -> {'$gen_call', From, Request};
happened({cast, Message}) -> {'$gen_cast', Message};
happened({info, Message}) -> Message;
happened(_) -> none.

%% System messages, and the acknowledgements of starts, are no user messages.
sent(_, _, {ack, _, _}, _, State) -> State;
sent(_, _, {nack, _, _}, _, State) -> State;
sent(_, _, {system, _, _}, _, State) -> State;
sent(Pid, To, {'$gen_call', {_, Tag}, Request}, Stamp, State) ->
    add({sent, call, Pid, To, ref(Tag), Request}, Stamp, State);
sent(Pid, To, {'$gen_cast', Request}, Stamp, State) ->
    add({sent, cast, Pid, To, none, Request}, Stamp, State);
sent(Pid, To, {notify, Event}, Stamp, State) ->
    add({sent, notify, Pid, To, none, Event}, Stamp, State);
sent(Pid, To, {Pid, {Pid, Tag}, Request}, Stamp, State) ->
    add({sent, manage, Pid, To, ref(Tag), Request}, Stamp, State);
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

%% Whether a process is of a generic behaviour, whose messages are seen as it takes
%% them, a supervisor, with its callback module, or another; and its module.
module_of({proc_lib, init_p, [_, _, gen, init_it, [Behaviour | Args]]}, Names) ->
    %% [Starter, Parent, Name, Module, Arguments, Options], or without a name.
    case {Behaviour, lists:reverse(Args)} of
        {gen_server, [_, {_, Callback, _}, supervisor | _]} -> {{supervisor, Callback}, supervisor};
        {gen_server, [_, _, Module | _]} -> {server, Module};
        {gen_statem, [_, _, Module | _]} -> {server, Module};
        {gen_event, [_, _, _, {local, Name} | _]} when is_map_key(Name, Names) ->
            {server, maps:get(Name, Names)};
        {gen_event, [_, _, Module | _]} -> {server, Module};
        {_, [_, _, Module | _]} -> {plain, Module}
    end;
module_of({proc_lib, init_p, [_, _, Module, _, _]}, _) -> {plain, Module};
module_of({Module, _, _}, _) -> {plain, Module}.
