%% metronome, version 2: its tempo can be changed, up to two beats a minute.
-module(metronome).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, handle_info/2, code_change/3]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, start(#{beats => 0, every => 60000, timer => undefined})}.

handle_call(beats, _, #{beats := N} = State) -> {reply, N, State};
handle_call({tempo, Wish}, _, #{beats := N, timer := Timer} = State) ->
    Ms = max(Wish, 30000),
    case stop(Timer) of
        underway -> {reply, N, State#{every := Ms}};
        stopped -> {reply, N, start(State#{every := Ms})}
    end.

handle_cast(never, State) -> {noreply, State}.

handle_info(tick, #{beats := N} = State) -> {noreply, start(State#{beats := N + 1})}.

start(#{every := Ms} = State) -> State#{timer := erlang:send_after(Ms, self(), tick)}.

%% Where the timer has run out, its tick is under way.
stop(undefined) -> stopped;
stop(Timer) ->
    case erlang:cancel_timer(Timer) of
        false -> underway;
        _ -> stopped
    end.

code_change("1", #{beats := N, timer := Timer}, _) -> {ok, #{beats => N, every => 60000, timer => Timer}};
code_change({down, "1"}, #{beats := N, timer := Timer}, _) -> {ok, #{beats => N, timer => Timer}}.
