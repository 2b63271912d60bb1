%% hall, version 1: counts those that enter.
%%
%% With a bug: it ends when it is closed, and with it whoever its supervisor ends with it, in
%% the middle of an upgrade, too (C9). Its correct twin is twin_v1.erl.
%%
%% erlang/otp#3696, erlang/otp#5387.
-module(hall).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{entered => 0}}.

handle_call(entered, _, #{entered := Entered} = State) -> {reply, Entered, State}.

handle_cast(enter, #{entered := Entered}) -> {noreply, #{entered => Entered + 1}};
handle_cast({close, Time}, State) ->
    see_out(Time),
    {stop, normal, State}.

%% It takes about so many half milliseconds, and as the install beside it longer on a busy
%% machine.
see_out(Time) -> _ = lists:sum(lists:seq(1, Time * 30000)), ok.
